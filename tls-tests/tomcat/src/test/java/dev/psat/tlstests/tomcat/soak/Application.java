package dev.psat.tlstests.tomcat.soak;

import java.time.Instant;
import java.util.Map;

import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.test.SimulatedKubelet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * One of both applications: its pod, its context, and what it shows of itself. It has its
 * first SVID.
 */
final class Application implements AutoCloseable {

	/** What each answer begins with, before the port of the client. */
	static final String GREETING = "hello, port ";

	private final String serviceAccount;

	private final SimulatedKubelet kubelet;

	private final ConfigurableApplicationContext context;

	private final SpireIdentity identity;

	private final MeterRegistry meters;

	Application(String serviceAccount, SimulatedKubelet kubelet, Map<String, Object> properties) {
		this.serviceAccount = serviceAccount;
		this.kubelet = kubelet;
		this.context = new SpringApplicationBuilder(Serving.class).web(WebApplicationType.SERVLET)
			.properties(properties)
			.run();
		this.identity = this.context.getBean(SpireIdentity.class);
		this.meters = this.context.getBean(MeterRegistry.class);
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
	 * Return whether the agent SVID is valid until then.
	 */
	boolean isAgentAfter(Instant instant) {
		Instant expiresAt = status().agentExpiresAt();
		return expiresAt != null && expiresAt.isAfter(instant);
	}

	/**
	 * Return how many SVIDs there have been.
	 */
	long generation() {
		SpireStatus.Svid svid = status().svid();
		return (svid != null) ? svid.generation() : 0;
	}

	/**
	 * Return whether a visit to the SPIRE Server has brought the trust bundle since then.
	 */
	boolean isVisitedAfter(Instant instant) {
		SpireStatus.Bundle bundle = status().trustBundle();
		return bundle != null && bundle.refreshedAt() != null && bundle.refreshedAt().isAfter(instant);
	}

	long attestations() {
		Timer timer = this.meters.find("spire.attestation").tag("outcome", "success").timer();
		return (timer != null) ? timer.count() : 0;
	}

	long count(String meter, String outcome) {
		Counter counter = this.meters.find(meter).tag("outcome", outcome).counter();
		return (counter != null) ? (long) counter.count() : 0;
	}

	long handshakes(String direction, String outcome) {
		return this.meters.get("spire.handshakes")
			.tags("direction", direction, "outcome", outcome)
			.functionCounters()
			.stream()
			.mapToLong((counter) -> (long) counter.count())
			.sum();
	}

	/**
	 * Return how many handshakes came out as told, those that the application began and
	 * those that its peer began.
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

	/**
	 * What each of both applications serves. The port of the client tells one connection
	 * from another.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Serving {

		@GetMapping("/greeting")
		String greeting(HttpServletRequest request) {
			return GREETING + request.getRemotePort();
		}

		@GetMapping("/farewell")
		String farewell(HttpServletRequest request, HttpServletResponse response) {
			response.setHeader(HttpHeaders.CONNECTION, "close");
			return greeting(request);
		}

	}

}
