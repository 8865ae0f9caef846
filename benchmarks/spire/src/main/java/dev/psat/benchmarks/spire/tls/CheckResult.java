package dev.psat.benchmarks.spire.tls;

import java.util.List;

/**
 * What checks of a client took that have taken turns.
 *
 * @param all all of them
 * @param pkix that of the JDK
 * @param any ours, which lets in whoever has a certificate of the trust domain
 * @param lists ours, which look for an ID in a list besides
 */
record CheckResult(List<PeerCheck> all, PeerCheck pkix, PeerCheck any, List<PeerCheck> lists) {

}
