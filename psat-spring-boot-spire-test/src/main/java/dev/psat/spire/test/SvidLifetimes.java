package dev.psat.spire.test;

import java.time.Duration;

/**
 * How long what the server issues lives, unless an entry says otherwise.
 */
record SvidLifetimes(Duration agentSvid, Duration x509Svid, Duration jwtSvid) {

}
