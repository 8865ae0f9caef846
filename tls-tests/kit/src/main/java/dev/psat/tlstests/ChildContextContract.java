package dev.psat.tlstests;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.psat.spire.ssl.IdentitySslBundle;
import dev.psat.spire.tls.EndCause;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The contract of a server with the bundle {@code spire} in a child context of the
 * application.
 */
public abstract class ChildContextContract {

	/** The property with the client authentication, absent for the default. */
	protected static final String CLIENT_AUTH = "child.client-auth";

	private static final String IDENTITY = "identity";

	private static final String FOR_CLIENTS = "is configured with the SSL bundle 'identity', which is for clients alone";

	/**
	 * Return the application.
	 * @return the application, always the same instance
	 */
	protected abstract TlsApplication application();

	/**
	 * Return the configuration of the server, whose factory is a bean.
	 * @return the configuration, which has the property {@link #CLIENT_AUTH}
	 */
	protected abstract Class<?> server();

	/**
	 * Return the auto-configuration that a context without auto-configuration imports.
	 * @return the auto-configuration
	 */
	protected abstract Class<?> autoConfiguration();

	/**
	 * Create a context for a server, as Spring Boot does for its management port.
	 * @return the context, an {@link AnnotationConfigRegistry}
	 */
	protected abstract ConfigurableApplicationContext createContext();

	/**
	 * Return what explains that a server that nothing of ours has configured cannot
	 * start.
	 * @return part of a message
	 */
	protected abstract String refusal();

	/**
	 * Return what explains that such a server cannot start with an identity bundle.
	 * @return part of a message, that of our own analysis unless overridden
	 */
	protected String refusalOfIdentityBundle() {
		return FOR_CLIENTS;
	}

	@ParameterizedTest
	@EnumSource
	void childOfTheApplicationIsServedByTheContext(ClientAuth clientAuth) {
		try (ConfigurableApplicationContext child = new SpringApplicationBuilder(server())
			.parent(application().context())
			.properties("spring.main.banner-mode=off")
			.run(clientAuth.arguments())) {
			assertThatIsServed(child, clientAuth);
		}
	}

	@ParameterizedTest
	@EnumSource
	void contextThatImportsTheAutoConfigurationIsServedByTheContext(ClientAuth clientAuth) {
		try (ConfigurableApplicationContext child = createContext(clientAuth, server(), autoConfiguration())) {
			child.refresh();
			assertThatIsServed(child, clientAuth);
		}
	}

	@ParameterizedTest
	@EnumSource
	void contextOutOfReachDoesNotStart(ClientAuth clientAuth) {
		try (ConfigurableApplicationContext child = createContext(clientAuth, server())) {
			assertThatException().isThrownBy(child::refresh)
				.satisfies((ex) -> assertThat(ex).hasStackTraceContaining(refusal()));
			assertThat(child.isActive()).isFalse();
		}
	}

	@Test
	void connectionsOfChildAreReplacedAndEnd() {
		try (ConfigurableApplicationContext child = new SpringApplicationBuilder(server())
			.parent(application().context())
			.properties("spring.main.banner-mode=off")
			.run()) {
			assertThatConnectionsAreReplacedAndEnd(knock(((WebServerApplicationContext) child).getWebServer()).port(),
					"/greeting");
		}
	}

	@Test
	void connectionsOfManagementServerAreReplacedAndEnd() {
		assertThatConnectionsAreReplacedAndEnd(application().port("management"), "/actuator");
	}

	/**
	 * Taint the authority of clients, for which one uses another connection, and revoke
	 * it, with which those of the others end, whether they say anything or not.
	 */
	private void assertThatConnectionsAreReplacedAndEnd(int port, String path) {
		Credential credential = application().world().credential(Peer.LISTED);
		try (KeptConnection busy = connect(port, path, credential);
				KeptConnection idle = connect(port, path, credential);
				SilentClient afterHandshake = new SilentClient(port, credential, Silence.AFTER_HANDSHAKE, path);
				SilentClient inHead = new SilentClient(port, credential, Silence.IN_HEAD, path);
				SilentClient betweenRequests = new SilentClient(port, credential, Silence.BETWEEN_REQUESTS, path)) {
			long ended = application().ended(EndCause.UNTRUSTED);
			application().replaceAuthority(() -> TlsApplication.patiently().until(() -> {
				assertThat(busy.get(path)).isNotEmpty();
				return busy.isClosing();
			}));
			TlsApplication.patiently().untilAsserted(() -> {
				assertThat(application().ended(EndCause.UNTRUSTED)).isGreaterThan(ended);
				assertThat(application().open(TlsWorld.LISTED)).isZero();
			});
			assertThatException().isThrownBy(() -> idle.get(path)).isInstanceOf(UncheckedIOException.class);
			afterHandshake.assertEnds();
			inHead.assertEnds();
			betweenRequests.assertEnds();
		}
	}

	private static KeptConnection connect(int port, String path, Credential credential) {
		KeptConnection connection = new KeptConnection(port, null, credential);
		assertThat(connection.get(path)).isNotEmpty();
		assertThat(connection.isClosing()).isFalse();
		return connection;
	}

	@Test
	void noChildIsServedByIdentityBundle() {
		registerIdentityBundle();
		SpringApplicationBuilder builder = new SpringApplicationBuilder(server(), WithIdentityBundle.class)
			.parent(application().context())
			.properties("spring.main.banner-mode=off");
		assertThatException().isThrownBy(builder::run).withStackTraceContaining(FOR_CLIENTS);
	}

	@Test
	void noContextThatImportsTheAutoConfigurationIsServedByIdentityBundle() {
		registerIdentityBundle();
		try (ConfigurableApplicationContext child = createContext(ClientAuth.ABSENT, server(), WithIdentityBundle.class,
				autoConfiguration())) {
			assertThatException().isThrownBy(child::refresh).withStackTraceContaining(FOR_CLIENTS);
		}
	}

	@Test
	void noContextOutOfReachIsServedByIdentityBundle() {
		registerIdentityBundle();
		try (ConfigurableApplicationContext child = createContext(ClientAuth.ABSENT, server(),
				WithIdentityBundle.class)) {
			assertThatException().isThrownBy(child::refresh).withStackTraceContaining(refusalOfIdentityBundle());
			assertThat(child.isActive()).isFalse();
		}
	}

	private void registerIdentityBundle() {
		if (!application().bean(SslBundles.class).getBundleNames().contains(IDENTITY)) {
			application().bean(SslBundleRegistry.class)
				.registerBundle(IDENTITY, IdentitySslBundle.of(application().identity()));
		}
	}

	private ConfigurableApplicationContext createContext(ClientAuth clientAuth, Class<?>... sources) {
		ConfigurableApplicationContext context = createContext();
		context.setParent(application().context());
		((AnnotationConfigRegistry) context).register(sources);
		clientAuth.set(context);
		return context;
	}

	private void assertThatIsServed(ApplicationContext child, ClientAuth clientAuth) {
		Knock knock = knock(((WebServerApplicationContext) child).getWebServer());
		for (TlsVersion version : TlsVersion.values()) {
			assertThat(letIn(knock, version)).containsExactlyElementsOf(clientAuth.letIn());
		}
		application().rotate();
		assertThat(letIn(knock, TlsVersion.TLS_1_3)).containsExactlyElementsOf(clientAuth.letIn());
	}

	/**
	 * Let a factory make servers with the bundle.
	 * @param factory the factory
	 * @param bundles where the bundle is
	 * @param clientAuth the client authentication, {@code null} for the default
	 * @return the factory
	 */
	protected static <F extends AbstractConfigurableWebServerFactory> F secured(F factory, SslBundles bundles,
			Ssl.@Nullable ClientAuth clientAuth) {
		factory.setSslBundles(bundles);
		Ssl ssl = Ssl.forBundle("spire");
		ssl.setClientAuth(clientAuth);
		factory.setSsl(ssl);
		return factory;
	}

	/**
	 * Let a factory make servers with an identity bundle.
	 * @param factory the factory, which already has the bundle {@code spire}
	 * @return the factory
	 */
	protected final <F extends AbstractConfigurableWebServerFactory> F withIdentityBundle(F factory) {
		registerIdentityBundle();
		Ssl ssl = Objects.requireNonNull(factory.getSsl());
		ssl.setBundle(IDENTITY);
		return factory;
	}

	/**
	 * Assert whom a server lets in that no context knows of.
	 */
	protected final void assertThatLetsIn(WebServer server, Peer... peers) {
		try {
			server.start();
			for (TlsVersion version : TlsVersion.values()) {
				assertThat(letIn(knock(server), version)).containsExactly(peers);
			}
		}
		finally {
			server.stop();
			server.destroy();
		}
	}

	private static Knock knock(@Nullable WebServer server) {
		assertThat(server).isNotNull();
		return Knock.http(server.getPort(), "/greeting");
	}

	private List<Peer> letIn(Knock knock, TlsVersion version) {
		return application().world().letIn(new JavaCaller(), knock, version);
	}

	@Configuration(proxyBeanMethods = false)
	static class WithIdentityBundle {

		@Bean
		static BeanPostProcessor identityBundle() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessBeforeInitialization(Object bean, String beanName) {
					if (bean instanceof AbstractConfigurableWebServerFactory factory) {
						factory.setSsl(Ssl.forBundle(IDENTITY));
					}
					return bean;
				}

			};
		}

	}

	/**
	 * What the server says of client certificates.
	 */
	public enum ClientAuth {

		/** Nothing. */
		ABSENT(Peer.LISTED, Peer.BELOW_PATH),

		/** Clients need one. */
		NEED(Peer.LISTED, Peer.BELOW_PATH),

		/** Clients may have one. */
		WANT(Peer.LISTED, Peer.BELOW_PATH, Peer.NOBODY),

		/** Clients are not asked for one. */
		NONE(Peer.values());

		private final List<Peer> letIn;

		ClientAuth(Peer... letIn) {
			this.letIn = List.of(letIn);
		}

		/**
		 * Return the peers that a server with the context of the bundle lets in.
		 * @return the peers
		 */
		List<Peer> letIn() {
			return this.letIn;
		}

		String[] arguments() {
			return (this == ABSENT) ? new String[0] : new String[] { "--" + CLIENT_AUTH + "=" + name() };
		}

		void set(ConfigurableApplicationContext context) {
			if (this != ABSENT) {
				context.getEnvironment()
					.getPropertySources()
					.addFirst(new MapPropertySource("child", Map.of(CLIENT_AUTH, name())));
			}
		}

	}

}
