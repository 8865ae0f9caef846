package dev.psat.spire.client;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.wire.internal.UserAgents;

/**
 * Builds a {@link SpireClient}.
 *
 * @since 0.1.0
 */
public final class SpireClientBuilder {

	private final ServerAddress address;

	private final TrustDomain trustDomain;

	private final Supplier<TrustBundle> trustBundle;

	private String userAgent = UserAgents.DEFAULT;

	private Duration callTimeout = Duration.ofSeconds(20);

	private Duration attestTimeout = Duration.ofSeconds(180);

	private Clock clock = Clock.systemUTC();

	private HostResolver resolver = HostResolver.SYSTEM;

	SpireClientBuilder(ServerAddress address, TrustDomain trustDomain, Supplier<TrustBundle> trustBundle) {
		this.address = Objects.requireNonNull(address, "'address' must not be null");
		this.trustDomain = Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
		this.trustBundle = Objects.requireNonNull(trustBundle, "'trustBundle' must not be null");
	}

	/**
	 * Set the user agent that the client sends to the server.
	 * @param userAgent the value of the header {@code user-agent}, in printable ASCII
	 * @return this builder
	 * @throws IllegalArgumentException if it is empty or not printable ASCII
	 */
	public SpireClientBuilder userAgent(String userAgent) {
		this.userAgent = UserAgents.checked(userAgent);
		return this;
	}

	/**
	 * Set how long a call may take, including the time to connect. The default is 20
	 * seconds.
	 * @param callTimeout the timeout
	 * @return this builder
	 * @throws IllegalArgumentException if the timeout is not positive
	 */
	public SpireClientBuilder callTimeout(Duration callTimeout) {
		this.callTimeout = positive(Objects.requireNonNull(callTimeout, "'callTimeout' must not be null"));
		return this;
	}

	/**
	 * Set how long an attestation may take, including the time to connect. The default is
	 * 180 seconds, since the server attests one agent per second and source address, and
	 * queues the others.
	 * @param attestTimeout the timeout
	 * @return this builder
	 * @throws IllegalArgumentException if the timeout is not positive
	 */
	public SpireClientBuilder attestTimeout(Duration attestTimeout) {
		this.attestTimeout = positive(Objects.requireNonNull(attestTimeout, "'attestTimeout' must not be null"));
		return this;
	}

	/**
	 * Set the clock for the validity of certificates. The default is the system clock.
	 * @param clock the clock
	 * @return this builder
	 */
	public SpireClientBuilder clock(Clock clock) {
		this.clock = Objects.requireNonNull(clock, "'clock' must not be null");
		return this;
	}

	SpireClientBuilder resolver(HostResolver resolver) {
		this.resolver = resolver;
		return this;
	}

	/**
	 * Build the client. It connects on first use.
	 * @return a new client, to be closed by the caller
	 */
	public SpireClient build() {
		return new SpireClient(this.address, this.trustDomain, this.trustBundle, this.userAgent, this.callTimeout,
				this.attestTimeout, this.clock, this.resolver);
	}

	private static Duration positive(Duration timeout) {
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("The timeout %s must be positive".formatted(timeout));
		}
		return timeout;
	}

}
