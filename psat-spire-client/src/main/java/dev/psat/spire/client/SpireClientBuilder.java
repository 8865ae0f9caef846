package dev.psat.spire.client;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Builds a {@link SpireClient}.
 *
 * @since 0.1.0
 */
public final class SpireClientBuilder {

	private final ServerAddress address;

	private final TrustDomain trustDomain;

	private final Supplier<TrustBundle> trustBundle;

	private String userAgent = "psat-spire-client";

	private Duration callTimeout = Duration.ofSeconds(20);

	private Duration attestTimeout = Duration.ofSeconds(180);

	private Clock clock = Clock.systemUTC();

	SpireClientBuilder(ServerAddress address, TrustDomain trustDomain, Supplier<TrustBundle> trustBundle) {
		this.address = address;
		this.trustDomain = trustDomain;
		this.trustBundle = trustBundle;
	}

	/**
	 * Set how the client names itself to the server.
	 * @param userAgent the value of the header {@code user-agent}
	 * @return this builder
	 */
	public SpireClientBuilder userAgent(String userAgent) {
		this.userAgent = userAgent;
		return this;
	}

	/**
	 * Set how long a call may take.
	 * @param callTimeout the time, connecting included; 20 seconds unless set
	 * @return this builder
	 * @throws IllegalArgumentException if it is not positive
	 */
	public SpireClientBuilder callTimeout(Duration callTimeout) {
		this.callTimeout = positive(callTimeout);
		return this;
	}

	/**
	 * Set how long an attestation may take. The server attests one agent a second for
	 * each address that attestations come from, and lets others wait.
	 * @param attestTimeout the time, connecting included; 180 seconds unless set
	 * @return this builder
	 * @throws IllegalArgumentException if it is not positive
	 */
	public SpireClientBuilder attestTimeout(Duration attestTimeout) {
		this.attestTimeout = positive(attestTimeout);
		return this;
	}

	/**
	 * Set the clock by which certificates are judged.
	 * @param clock the clock; that of the system unless set
	 * @return this builder
	 */
	public SpireClientBuilder clock(Clock clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * Build the client. It connects when it is first used.
	 * @return the client, to be closed
	 */
	public SpireClient build() {
		return new SpireClient(this.address, this.trustDomain, this.trustBundle, this.userAgent, this.callTimeout,
				this.attestTimeout, this.clock);
	}

	private static Duration positive(Duration timeout) {
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("The timeout %s must be positive".formatted(timeout));
		}
		return timeout;
	}

}
