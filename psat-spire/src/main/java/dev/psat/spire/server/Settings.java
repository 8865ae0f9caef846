package dev.psat.spire.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.psat.PsatAttestor;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.spire.internal.Time;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an identity.
 *
 * @param attestor creates the payloads
 * @param server the address of the server
 * @param trustDomain its trust domain
 * @param trustBundle the path of the bootstrap trust bundle
 * @param attestTimeout how long an attestation may take
 * @param allowNodeIdentity see {@link IdentityGuard}
 * @param preference the wanted entry
 * @param keyType the type of the keys
 * @param refreshInterval how often to visit the server
 * @param federatesWith the trust domains with which to federate, in their order
 * @param tokenSource the source of the attestor's tokens, {@code null} if there is none
 * @param time the clocks and the random generator
 */
record Settings(PsatAttestor attestor, ServerAddress server, TrustDomain trustDomain, Path trustBundle,
		Duration attestTimeout, boolean allowNodeIdentity, SvidPreference preference, KeyType keyType,
		Duration refreshInterval, List<TrustDomain> federatesWith, @Nullable TokenSource tokenSource, Time time) {

}
