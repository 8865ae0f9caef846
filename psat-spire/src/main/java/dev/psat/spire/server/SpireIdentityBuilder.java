package dev.psat.spire.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

import dev.psat.PsatAttestor;
import dev.psat.concurrent.internal.Time;
import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.client.KeyType;
import dev.psat.spire.client.ServerAddress;
import dev.psat.spire.internal.SvidPreference;
import dev.psat.token.TokenSource;
import org.jspecify.annotations.Nullable;

/**
 * Builder for a {@link SpireIdentity}. Server, trust domain and trust bundle are
 * required.
 *
 * @since 0.1.0
 */
public final class SpireIdentityBuilder {

	/** Anything less would soon be no pause between visits at all. */
	private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(10);

	private final PsatAttestor attestor;

	private @Nullable ServerAddress server;

	private @Nullable TrustDomain trustDomain;

	private @Nullable Path trustBundle;

	private Duration attestTimeout = Duration.ofSeconds(180);

	private boolean allowNodeIdentity;

	private @Nullable SpiffeId spiffeId;

	private @Nullable String hint;

	private KeyType keyType = KeyType.EC_P256;

	private Duration refreshInterval = Duration.ofSeconds(60);

	private List<TrustDomain> federatesWith = List.of();

	private @Nullable TokenSource tokenSource;

	private Time time = Time.ofSystem();

	SpireIdentityBuilder(PsatAttestor attestor) {
		Objects.requireNonNull(attestor, "'attestor' must not be null");
		this.attestor = attestor;
	}

	/**
	 * Set the address of the SPIRE Server.
	 * @param server the address
	 * @return this builder
	 */
	public SpireIdentityBuilder server(ServerAddress server) {
		Objects.requireNonNull(server, "'server' must not be null");
		this.server = server;
		return this;
	}

	/**
	 * Set the trust domain of the SPIRE Server.
	 * @param trustDomain the trust domain
	 * @return this builder
	 */
	public SpireIdentityBuilder trustDomain(TrustDomain trustDomain) {
		Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
		this.trustDomain = trustDomain;
		return this;
	}

	/**
	 * Set the file with the bootstrap trust bundle, in PEM or as a SPIFFE bundle. It is
	 * read again for each attempt until the server has provided its bundle.
	 * @param trustBundle the path
	 * @return this builder
	 */
	public SpireIdentityBuilder trustBundle(Path trustBundle) {
		Objects.requireNonNull(trustBundle, "'trustBundle' must not be null");
		this.trustBundle = trustBundle;
		return this;
	}

	/**
	 * Set how long an attestation may take, including the time in the server's queue. A
	 * visit waits hardly longer than that for an attestor that hangs. The default is 180
	 * seconds.
	 * @param attestTimeout the timeout
	 * @return this builder
	 * @throws IllegalArgumentException if the timeout is not positive
	 */
	public SpireIdentityBuilder attestTimeout(Duration attestTimeout) {
		this.attestTimeout = positive(attestTimeout, "attestTimeout");
		return this;
	}

	/**
	 * Set whether the application may become an agent other than its pod, such as its
	 * node. In that case, it evicts the SPIRE Agent of that node, if there is one. The
	 * default is {@code false}.
	 * @param allowNodeIdentity whether to allow it
	 * @return this builder
	 */
	public SpireIdentityBuilder allowNodeIdentity(boolean allowNodeIdentity) {
		this.allowNodeIdentity = allowNodeIdentity;
		return this;
	}

	/**
	 * Set the SPIFFE ID of the entry to use if there are several.
	 * @param spiffeId the SPIFFE ID, {@code null} for any
	 * @return this builder
	 */
	public SpireIdentityBuilder spiffeId(@Nullable SpiffeId spiffeId) {
		this.spiffeId = spiffeId;
		return this;
	}

	/**
	 * Set the hint of the entry to use if there are several.
	 * @param hint the hint, {@code null} for any
	 * @return this builder
	 */
	public SpireIdentityBuilder hint(@Nullable String hint) {
		this.hint = hint;
		return this;
	}

	/**
	 * Set the type of the keys. The default is {@link KeyType#EC_P256}.
	 * @param keyType the type
	 * @return this builder
	 */
	public SpireIdentityBuilder keyType(KeyType keyType) {
		Objects.requireNonNull(keyType, "'keyType' must not be null");
		this.keyType = keyType;
		return this;
	}

	/**
	 * Set how often to visit the server once an SVID is in force. The default is 60
	 * seconds. It may be shorter than a property allows, but each visit asks the server
	 * for the trust bundle and the entries.
	 * @param refreshInterval the interval
	 * @return this builder
	 * @throws IllegalArgumentException if the interval is shorter than 10 milliseconds
	 */
	public SpireIdentityBuilder refreshInterval(Duration refreshInterval) {
		positive(refreshInterval, "refreshInterval");
		if (refreshInterval.compareTo(SHORTEST_INTERVAL) < 0) {
			throw new IllegalArgumentException("'refreshInterval' must be at least 10 milliseconds");
		}
		this.refreshInterval = refreshInterval;
		return this;
	}

	/**
	 * Set with which trust domains to federate. Their workloads are trusted as far as the
	 * registration entry federates with them, too. The default is none.
	 * @param federatesWith the trust domains, other than that of the SPIRE Server
	 * @return this builder
	 */
	public SpireIdentityBuilder federatesWith(Collection<TrustDomain> federatesWith) {
		Objects.requireNonNull(federatesWith, "'federatesWith' must not be null");
		federatesWith.forEach((each) -> Objects.requireNonNull(each, "'federatesWith' must not contain null elements"));
		this.federatesWith = List.copyOf(new LinkedHashSet<>(federatesWith));
		return this;
	}

	/**
	 * Set the source of the attestor's tokens. After a failed attestation, a new token
	 * triggers another one at once.
	 * @param tokenSource the source, {@code null} if there is none
	 * @return this builder
	 */
	public SpireIdentityBuilder tokenSource(@Nullable TokenSource tokenSource) {
		this.tokenSource = tokenSource;
		return this;
	}

	SpireIdentityBuilder time(Time time) {
		this.time = time;
		return this;
	}

	/**
	 * Build the identity. Nothing is sent before it is started or used.
	 * @return a new identity
	 * @throws IllegalStateException if server, trust domain or trust bundle are missing,
	 * if the SPIFFE ID belongs to another trust domain, or the identity would federate
	 * with its own
	 */
	public SpireIdentity build() {
		TrustDomain trustDomain = required(this.trustDomain, "trustDomain");
		if (this.spiffeId != null && !this.spiffeId.trustDomain().equals(trustDomain)) {
			throw new IllegalStateException("'spiffeId' must belong to the trust domain '%s'".formatted(trustDomain));
		}
		if (this.federatesWith.contains(trustDomain)) {
			throw new IllegalStateException(
					"'federatesWith' must not contain the trust domain '%s' itself".formatted(trustDomain));
		}
		return SpireServerIdentity.of(new ServerDoor.Settings(this.attestor, required(this.server, "server"),
				trustDomain, required(this.trustBundle, "trustBundle"), this.attestTimeout, this.allowNodeIdentity,
				new SvidPreference(this.spiffeId, this.hint), this.keyType, this.refreshInterval, this.federatesWith,
				this.tokenSource, this.time));
	}

	private static Duration positive(Duration duration, String name) {
		Objects.requireNonNull(duration, () -> "'%s' must not be null".formatted(name));
		if (duration.isNegative() || duration.isZero()) {
			throw new IllegalArgumentException("'%s' must be positive".formatted(name));
		}
		return duration;
	}

	private static <T> T required(@Nullable T value, String name) {
		if (value == null) {
			throw new IllegalStateException("'%s' must be set".formatted(name));
		}
		return value;
	}

}
