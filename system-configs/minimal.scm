;; A small FreeBSD, built from source: it gets its address by DHCP and lets you in over SSH.
;;
;;   fruix system vm system-configs/minimal.scm
;;
;; builds it and boots it under QEMU. Before, put your public key into `authorized_keys` beside this file; without
;; one the system runs, and nobody can log in. --with-source /usr/src=DIR takes the source from elsewhere.
(use-modules (fruix system)
             (fruix accounts)
             (fruix file-systems)
             (fruix services)
             (fruix services base)
             (fruix services networking)
             (fruix services ssh)
             (fruix store)
             (fruix freebsd base)
             (fruix freebsd kernel)
             (fruix freebsd source)
             (fruix freebsd world))

(define source
  (freebsd-source (path "/usr/src")))

;; What a virtual machine does without. Leave an option out to get what it removes; /rescue has to stay, for
;; activation runs on it.
(define options
  '(WITHOUT_BHYVE WITHOUT_BLUETOOTH WITHOUT_BSDINSTALL WITHOUT_BSNMP WITHOUT_CDDL WITHOUT_CLANG WITHOUT_CTF
    WITHOUT_DEBUG_FILES WITHOUT_DIALOG WITHOUT_DICT WITHOUT_EXAMPLES WITHOUT_FILE WITHOUT_GAMES
    WITHOUT_GOOGLETEST WITHOUT_HTML WITHOUT_HYPERV WITHOUT_KERBEROS WITHOUT_LIB32 WITHOUT_LLD WITHOUT_LLDB
    WITHOUT_LLVM_COV WITHOUT_LOCALES WITHOUT_MAN WITHOUT_NTP WITHOUT_OFED WITHOUT_PMC WITHOUT_SENDMAIL
    WITHOUT_TCSH WITHOUT_TESTS WITHOUT_UNBOUND WITHOUT_WIRELESS WITHOUT_ZFS))

(define keys
  (list (local-file "authorized_keys")))

(operating-system
 (host-name "minimal")
 (timezone "UTC")

 (base (freebsd-base
        (version "13.2-RELEASE")
        (world (freebsd-world
                (source source)
                (options options)
                ;; The run-time libraries of clang's sanitizers, which no option leaves out.
                (make-flags '("_libclang_rt="))))
        (kernel (freebsd-kernel
                 (source source)
                 (kernconf "GENERIC")
                 ;; Everything a virtual machine needs is in GENERIC itself.
                 (modules 'none)
                 (options options)))))

 ;; Images name the partition of the root so.
 (file-systems (list (file-system (label "fruix-root") (mount-point "/"))))

 (users (list (user-account (name "root") (authorized-keys keys))
              (user-account
               (name "admin")
               (uid 1001)
               (comment "The one who looks after the machine")
               (supplementary-groups '("wheel"))
               (authorized-keys keys))))

 (services (append (list (service dhcp-client-service-type)
                         (service openssh-service-type
                                  (openssh-configuration (permit-root-login 'prohibit-password))))
                   %base-services))

 ;; There are no modules that it could load.
 (rc-conf '(("devmatch_enable" . "NO")))

 ;; Boot at once; say everything on the first serial port as well as on the screen.
 (loader '(("autoboot_delay" . "0")
           ("boot_multicons" . "YES")
           ("boot_serial" . "YES")
           ("console" . "comconsole,efi")
           ("comconsole_speed" . "115200"))))
