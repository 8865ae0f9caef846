package dev.psat.spire;

import java.nio.file.Path;
import java.time.Duration;

import dev.psat.PsatAttestor;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.client.TrustDomain;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * What an identity is built of.
 *
 * @param attestor makes the payloads
 * @param server where the server listens
 * @param trustDomain its trust domain
 * @param trustBundle path of the trust bundle to begin with
 * @param attestTimeout how long an attestation may take
 * @param allowNodeIdentity see {@link IdentityGuard}
 * @param wish which entry
 * @param keyType type of the keys
 * @param refreshInterval how often to visit
 * @param tokenSource the source of the attestor's tokens, {@code null} if there is none
 * @param time clocks and chance
 */
record Settings(PsatAttestor attestor, ServerAddress server, TrustDomain trustDomain, Path trustBundle,
		Duration attestTimeout, boolean allowNodeIdentity, Wish wish, KeyType keyType, Duration refreshInterval,
		@Nullable TokenSource tokenSource, Time time) {

}
