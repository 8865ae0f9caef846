package dev.psat.spire.client;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Builds a {@link SpireClient}.
 *
 * @since 0.1.0
 */
public final class SpireClientBuilder {

	private static final Pattern PRINTABLE = Pattern.compile("[!-~](?:[ -~]*[!-~])?");

	private final ServerAddress address;

	private final TrustDomain trustDomain;

	private final Supplier<TrustBundle> trustBundle;

	private String userAgent = "psat-spire-client";

	private Duration callTimeout = Duration.ofSeconds(20);

	private Duration attestTimeout = Duration.ofSeconds(180);

	private Clock clock = Clock.systemUTC();

	SpireClientBuilder(ServerAddress address, TrustDomain trustDomain, Supplier<TrustBundle> trustBundle) {
		this.address = Objects.requireNonNull(address, "'address' must not be null");
		this.trustDomain = Objects.requireNonNull(trustDomain, "'trustDomain' must not be null");
		this.trustBundle = Objects.requireNonNull(trustBundle, "'trustBundle' must not be null");
	}

	/**
	 * Set how the client names itself to the server.
	 * @param userAgent the value of the header {@code user-agent}, in printable ASCII
	 * @return this builder
	 * @throws IllegalArgumentException if it is empty or not printable ASCII
	 */
	public SpireClientBuilder userAgent(String userAgent) {
		if (!PRINTABLE.matcher(userAgent).matches()) {
			throw new IllegalArgumentException(
					"The user agent %s must be printable ASCII".formatted(Quoted.text(userAgent)));
		}
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
		this.clock = Objects.requireNonNull(clock, "'clock' must not be null");
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
