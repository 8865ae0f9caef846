package dev.psat.spire.tls.internal;

import dev.psat.spire.tls.EndCause;

/**
 * Why a connection has to end.
 *
 * @param cause the cause
 * @param reason what has happened, as a sentence without a full stop
 */
record Ending(EndCause cause, String reason) {

}
