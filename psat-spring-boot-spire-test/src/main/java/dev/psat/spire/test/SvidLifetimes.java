package dev.psat.spire.test;

import java.time.Duration;

/**
 * The TTLs of issued SVIDs, unless an entry says otherwise.
 */
record SvidLifetimes(Duration agentSvid, Duration x509Svid, Duration jwtSvid) {

}
