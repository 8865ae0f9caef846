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
 * @param tokenSource the source of the attestor's tokens, {@code null} if there is none
 */
record Settings(PsatAttestor attestor, ServerAddress server, TrustDomain trustDomain, Path trustBundle,
		Duration attestTimeout, boolean allowNodeIdentity, SvidPreference preference, KeyType keyType,
		Duration refreshInterval, List<TrustDomain> federatesWith, @Nullable TokenSource tokenSource, Time time) {

}
