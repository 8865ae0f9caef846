package dev.psat.spire.tls.internal;

import org.jspecify.annotations.Nullable;

/**
 * What a policy says of a peer.
 *
 * @param refusal completes a sentence that begins with the peer, {@code null} if it may
 * connect
 * @param failure what the policy has thrown, {@code null} if it has answered
 */
record PolicyAnswer(@Nullable String refusal, @Nullable Throwable failure) {

}
