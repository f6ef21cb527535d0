//! Why a host is believed to be the one it says: an authority vouches for it, or the user knows its certificate.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::XcpError;
use crate::hash::Sha256;

/// Whom to believe.
#[derive(Debug, Clone, Default)]
pub enum Trust {
    /// The authorities that the owner of this machine trusts.
    #[default]
    System,
    /// Those whose certificates are in a file (PEM).
    Authorities(PathBuf),
    /// A host with one of these certificates, by the SHA-256 of what it sends, whoever signed it. The hosts of a pool have
    /// one each.
    Certificates(Vec<Sha256>),
}

/// A fingerprint as `openssl x509 -fingerprint -sha256` prints it, or without colons.
pub fn parse_fingerprint(text: &str) -> Result<Sha256, String> {
    let digits = text.rsplit_once('=').map_or(text, |(_, digits)| digits).replace(':', "");
    Sha256::parse(&digits.to_ascii_lowercase()).map_err(|_| {
        format!("`{text}` is no SHA-256 fingerprint: write its 64 hexadecimal digits, as in 3A:F1:…")
    })
}

/// What connections are made with.
#[derive(Debug, Clone)]
pub struct Tls {
    pub config: Arc<ClientConfig>,
    verifier: Arc<Verifier>,
}

impl Tls {
    pub fn new(trust: &Trust) -> Result<Self, XcpError> {
        let provider = Arc::new(ring::default_provider());
        let judge = match trust {
            Trust::System => {
                let judge = rustls_platform_verifier::Verifier::new(provider.clone());
                Judge::Other(Arc::new(judge.map_err(|source| XcpError::Tls { source })?))
            }
            Trust::Authorities(path) => Judge::Other(authorities(path, &provider)?),
            Trust::Certificates(known) => Judge::Known(known.clone()),
        };
        let verifier = Arc::new(Verifier { judge, provider: provider.clone(), seen: Mutex::default() });
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|source| XcpError::Tls { source })?
            .dangerous()
            .with_custom_certificate_verifier(verifier.clone())
            .with_no_client_auth();
        Ok(Self { config: Arc::new(config), verifier })
    }

    /// The fingerprint of the certificate that was seen last.
    pub fn seen(&self) -> Option<Sha256> {
        *self.verifier.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn authorities(
    path: &PathBuf,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, XcpError> {
    let failed = |reason: String| XcpError::Authorities { path: path.clone(), reason };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| failed(error.to_string()))? {
        let certificate = certificate.map_err(|error| failed(error.to_string()))?;
        roots.add(certificate).map_err(|error| failed(error.to_string()))?;
    }
    let builder = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    Ok(builder.build().map_err(|error| failed(error.to_string()))?)
}

/// Who judges a certificate.
#[derive(Debug)]
enum Judge {
    Known(Vec<Sha256>),
    Other(Arc<dyn ServerCertVerifier>),
}

/// Judges certificates, and notes which one it saw, so that a user can be told what to compare.
#[derive(Debug)]
struct Verifier {
    judge: Judge,
    provider: Arc<CryptoProvider>,
    seen: Mutex<Option<Sha256>>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let fingerprint = Sha256::of(end_entity);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(fingerprint);
        match &self.judge {
            Judge::Known(known) if known.contains(&fingerprint) => Ok(ServerCertVerified::assertion()),
            Judge::Known(_) => Err(CertificateError::ApplicationVerificationFailure.into()),
            Judge::Other(judge) => {
                judge.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_read_as_tools_print_them() {
        let digest = Sha256::of("certificate");
        let pairs: Vec<String> = digest.as_bytes().iter().map(|byte| format!("{byte:02X}")).collect();
        for text in [digest.hex(), pairs.join(":"), format!("sha256 Fingerprint={}", pairs.join(":"))] {
            assert_eq!(parse_fingerprint(&text), Ok(digest), "{text}");
        }
        assert!(parse_fingerprint("3A:F1").is_err());
    }

    #[test]
    fn a_file_of_authorities_has_some() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ca.pem");
        let refused = |path: &PathBuf| Tls::new(&Trust::Authorities(path.clone())).unwrap_err().to_string();
        assert!(refused(&path).contains("ca.pem"));
        std::fs::write(&path, "no certificate").unwrap();
        assert!(refused(&path).contains("ca.pem"));
    }
}
