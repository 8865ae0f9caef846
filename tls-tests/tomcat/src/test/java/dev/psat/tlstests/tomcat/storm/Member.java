package dev.psat.tlstests.tomcat.storm;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.psat.spiffe.SpiffeId;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spire.SpireIdentity;
import dev.psat.spire.SpireStatus;
import dev.psat.spire.SvidUnavailableException;
import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.ConnectionCounts;
import dev.psat.support.soak.Violations;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/**
 * An application that serves and calls the others, and has its first SVID.
 */
final class Member implements AutoCloseable {

	/** What each answer begins with, before the port of the client. */
	static final String GREETING = "hello, port ";

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final SpiffeId id;

	private final Realm realm;

	private final Registration registration;

	private final Guests guests;

	private final ConfigurableApplicationContext context;

	private final SpireIdentity identity;

	/**
	 * Start an application.
	 * @param id its SPIFFE ID
	 * @param realm its trust domain
	 * @param registration its entry
	 * @param guests whom it authorizes
	 * @param properties where its identity comes from
	 * @param violations is told of whom it serves and should not
	 */
	Member(SpiffeId id, Realm realm, Registration registration, Guests guests, Map<String, Object> properties,
			Violations violations) {
		this.id = id;
		this.realm = realm;
		this.registration = registration;
		this.guests = guests;
		Map<String, Object> all = new HashMap<>(
				Map.of("spring.main.banner-mode", "off", "server.port", "0", "server.ssl.bundle", "spire",
						"server.tomcat.max-keep-alive-requests", "-1", "spire.svid.refresh-interval", "5s"));
		all.putAll(properties);
		this.context = new SpringApplicationBuilder(Serving.class).web(WebApplicationType.SERVLET)
			.properties(all)
			.initializers((context) -> register((GenericApplicationContext) context, violations))
			.run();
		this.identity = this.context.getBean(SpireIdentity.class);
	}

	private void register(GenericApplicationContext context, Violations violations) {
		context.registerBean(Violations.class, () -> violations);
		context.registerBean(Guests.class, () -> this.guests);
		context.registerBean(Doorkeeper.class,
				() -> new Doorkeeper(this.id, context.getBean(SpireIdentity.class), this.guests, violations));
	}

	SpiffeId id() {
		return this.id;
	}

	Realm realm() {
		return this.realm;
	}

	Registration registration() {
		return this.registration;
	}

	Guests guests() {
		return this.guests;
	}

	Doorkeeper doorkeeper() {
		return this.context.getBean(Doorkeeper.class);
	}

	SpireIdentity identity() {
		return this.identity;
	}

	SpireStatus status() {
		return this.identity.status();
	}

	/**
	 * Return how many SVIDs there have been.
	 */
	long generation() {
		SpireStatus.Svid svid = status().svid();
		return (svid != null) ? svid.generation() : 0;
	}

	private @Nullable String agentId() {
		SpiffeId agentId = status().agentId();
		return (agentId != null) ? agentId.toString() : null;
	}

	/**
	 * Let the server forget the agent that the member is for it, if it is one, so that it
	 * has to attest again.
	 */
	void evict() {
		String agentId = agentId();
		if (agentId != null && this.realm.server().agents().ids().contains(agentId)) {
			this.realm.server().agents().evict(agentId);
		}
	}

	/**
	 * Let the server ban the agent, as far as it knows one.
	 */
	void ban() {
		String agentId = agentId();
		if (agentId != null && this.realm.server().agents().ids().contains(agentId)) {
			this.realm.server().agents().ban(agentId);
		}
	}

	/**
	 * Begin the visits to the SPIRE Server anew, as a restart of the application does.
	 */
	void revisit() {
		this.identity.stop();
		this.identity.start();
	}

	/**
	 * Return how many connections were ended.
	 */
	ConnectionCounts connections() {
		return this.context.getBean(SpiffeSslBundle.class).connections();
	}

	/**
	 * Return whether the member trusts another trust domain.
	 */
	boolean trusts(Realm partner) {
		try {
			this.identity.trustBundle(TrustDomain.of(partner.name()));
			return true;
		}
		catch (SvidUnavailableException ex) {
			return false;
		}
	}

	/**
	 * Have the guests asked again.
	 */
	void reauthorize() {
		this.context.getBean(SpiffeSslBundle.class).reauthorize();
	}

	int port() {
		return Objects.requireNonNull(this.context.getEnvironment().getProperty("local.server.port", Integer.class));
	}

	String url(String path) {
		return "https://localhost:%d%s".formatted(port(), path);
	}

	/**
	 * Make a client as Spring Boot does for the application.
	 */
	RestClient client() {
		ClientHttpRequestFactoryBuilder<?> builder = this.context.getBean(ClientHttpRequestFactoryBuilder.class);
		HttpClientSettings settings = HttpClientSettings.ofSslBundle(this.context.getBean(SpiffeSslBundle.class))
			.withTimeouts(TIMEOUT, TIMEOUT);
		return RestClient.builder().requestFactory(builder.build(settings)).build();
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Override
	public String toString() {
		return this.id.toString();
	}

	/**
	 * What a member serves.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@RestController
	static class Serving {

		private final Doorkeeper doorkeeper;

		Serving(Doorkeeper doorkeeper) {
			this.doorkeeper = doorkeeper;
		}

		@GetMapping("/greeting")
		String greeting(HttpServletRequest request) {
			this.doorkeeper
				.receive((X509Certificate[]) request.getAttribute("jakarta.servlet.request.X509Certificate"));
			return GREETING + request.getRemotePort();
		}

		@GetMapping("/farewell")
		String farewell(HttpServletRequest request, HttpServletResponse response) {
			response.setHeader(HttpHeaders.CONNECTION, "close");
			return greeting(request);
		}

	}

}
