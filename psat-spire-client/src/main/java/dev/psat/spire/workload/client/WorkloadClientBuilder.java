package dev.psat.spire.workload.client;

import java.time.Duration;
import java.util.Objects;

import dev.psat.spire.wire.internal.UserAgents;

/**
 * Builds a {@link WorkloadClient}.
 *
 * @since 0.1.0
 */
public final class WorkloadClientBuilder {

	private final WorkloadEndpoint endpoint;

	private String userAgent = UserAgents.DEFAULT;

	private Duration startTimeout = Duration.ofSeconds(20);

	WorkloadClientBuilder(WorkloadEndpoint endpoint) {
		this.endpoint = Objects.requireNonNull(endpoint, "'endpoint' must not be null");
	}

	/**
	 * Set the user agent that the client sends to the agent.
	 * @param userAgent the value of the header {@code user-agent}, in printable ASCII
	 * @return this builder
	 * @throws IllegalArgumentException if it is empty or not printable ASCII
	 */
	public WorkloadClientBuilder userAgent(String userAgent) {
		this.userAgent = UserAgents.checked(userAgent);
		return this;
	}

	/**
	 * Set how long the first message of a stream may take, including the time to connect
	 * and to be attested. The default is 20 seconds. After that message, a stream may be
	 * silent for as long as it wants.
	 * @param startTimeout the timeout
	 * @return this builder
	 * @throws IllegalArgumentException if the timeout is not positive
	 */
	public WorkloadClientBuilder startTimeout(Duration startTimeout) {
		Objects.requireNonNull(startTimeout, "'startTimeout' must not be null");
		if (startTimeout.isNegative() || startTimeout.isZero()) {
			throw new IllegalArgumentException("The timeout %s must be positive".formatted(startTimeout));
		}
		this.startTimeout = startTimeout;
		return this;
	}

	/**
	 * Build the client. It connects with each call.
	 * @return a new client, to be closed by the caller
	 */
	public WorkloadClient build() {
		return new WorkloadClient(this.endpoint, new WorkloadAnswers(), this.userAgent, this.startTimeout);
	}

}
