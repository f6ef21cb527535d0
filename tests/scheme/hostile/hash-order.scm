;; hash-order.
;; value: "{\"a\":2,\"b\":3,\"c\":1,\"d\":4,\"e\":5}"

(use-modules (fruix store))
(->json (hash 'c 1 'a 2 'b 3 'd 4 'e 5))
