package dev.psat.benchmarks.spire.soak;

import java.time.Instant;
import java.util.Map;

import dev.psat.spire.SpiffeSslBundle;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.test.SimulatedKubelet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.Assert;

/**
 * One of both applications: its pod, its context, and what it shows of itself.
 */
final class Application implements AutoCloseable {

	private final String serviceAccount;

	private final SimulatedKubelet kubelet;

	private final ConfigurableApplicationContext context;

	private final SpireIdentity identity;

	private final MeterRegistry meters;

	/**
	 * Start the application, and wait for its first SVID.
	 * @param serviceAccount the service account of its pod
	 * @param kubelet the kubelet of its pod
	 * @param properties what leads it to the SPIRE Server and to its peer
	 */
	Application(String serviceAccount, SimulatedKubelet kubelet, Map<String, Object> properties) {
		this.serviceAccount = serviceAccount;
		this.kubelet = kubelet;
		this.context = new SpringApplicationBuilder(ServingApplication.class).web(WebApplicationType.SERVLET)
			.properties(properties)
			.run();
		this.identity = this.context.getBean(SpireIdentity.class);
		this.meters = this.context.getBean(MeterRegistry.class);
	}

	String serviceAccount() {
		return this.serviceAccount;
	}

	SimulatedKubelet kubelet() {
		return this.kubelet;
	}

	SpireIdentity identity() {
		return this.identity;
	}

	SpiffeSslBundle bundle() {
		return this.context.getBean(SpiffeSslBundle.class);
	}

	SpireStatus status() {
		return this.identity.status();
	}

	String url(String path) {
		return "https://localhost:%s%s".formatted(this.context.getEnvironment().getProperty("local.server.port"), path);
	}

	String agentId() {
		Object agentId = status().agentId();
		Assert.state(agentId != null, "The application has not attested yet");
		return agentId.toString();
	}

	/**
	 * Return whether the agent SVID is valid for long enough.
	 * @param instant the instant until which it must be
	 * @return whether it is
	 */
	boolean isAgentAfter(Instant instant) {
		Instant expiresAt = status().agentExpiresAt();
		return expiresAt != null && expiresAt.isAfter(instant);
	}

	/**
	 * Return how many SVIDs there have been.
	 * @return the generation of the one in force
	 */
	long generation() {
		SpireStatus.Svid svid = status().svid();
		return (svid != null) ? svid.generation() : 0;
	}

	/**
	 * Return whether a visit to the SPIRE Server has brought the trust bundle.
	 * @param instant the instant after which it was
	 * @return whether one has since then
	 */
	boolean isVisitedAfter(Instant instant) {
		SpireStatus.Bundle bundle = status().trustBundle();
		return bundle != null && bundle.refreshedAt() != null && bundle.refreshedAt().isAfter(instant);
	}

	/**
	 * Return how many attestations came out as told.
	 * @param outcome the outcome, as the meter has it
	 * @return the number
	 */
	long attestations(String outcome) {
		Timer timer = this.meters.find("spire.psat.attestation").tag("outcome", outcome).timer();
		return (timer != null) ? timer.count() : 0;
	}

	/**
	 * Return how many renewals came out as told.
	 * @param outcome the outcome, as the meter has it
	 * @return the number
	 */
	long renewals(String outcome) {
		return count("spire.psat.svid.renewals", outcome);
	}

	/**
	 * Return how many requests for the trust bundle came out as told.
	 * @param outcome the outcome, as the meter has it
	 * @return the number
	 */
	long refreshes(String outcome) {
		return count("spire.psat.bundle.refreshes", outcome);
	}

	private long count(String meter, String outcome) {
		Counter counter = this.meters.find(meter).tag("outcome", outcome).counter();
		return (counter != null) ? (long) counter.count() : 0;
	}

	/**
	 * Return how many handshakes came out as told.
	 * @param direction who began them, as the meter has it
	 * @param outcome the outcome, as the meter has it
	 * @return the number
	 */
	long handshakes(String direction, String outcome) {
		FunctionCounter counter = this.meters.get("spire.psat.handshakes")
			.tags("direction", direction, "outcome", outcome)
			.functionCounter();
		return (long) counter.count();
	}

	/**
	 * Return how many handshakes came out as told, those that the application began and
	 * those that its peer began.
	 * @param outcome the outcome, as the meter has it
	 * @return the number
	 */
	long handshakes(String outcome) {
		return handshakes("inbound", outcome) + handshakes("outbound", outcome);
	}

	/**
	 * Begin the visits to the SPIRE Server anew, as a restart of the application does.
	 */
	void revisit() {
		this.identity.stop();
		this.identity.start();
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Override
	public String toString() {
		return this.serviceAccount;
	}

}
