package dev.psat.tlstests.tomcat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

import dev.psat.spire.tomcat.TomcatBundleAutoConfiguration;
import dev.psat.tlstests.ChildContextContract;
import dev.psat.tlstests.Credential;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The contract on Tomcat, and what holds where no context tells the library of a server.
 */
class TomcatChildContextTests extends ChildContextContract {

	private static final String NO_KEY = "No aliases for private keys found in key store";

	@TempDir
	private static Path directory;

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, TomcatApplication.class, "server.port=0", "server.ssl.bundle=spire",
				"management.server.port=0", "management.server.ssl.bundle=spire");
	}

	@Override
	protected TlsApplication application() {
		return application;
	}

	@Override
	protected Class<?> server() {
		return ChildServer.class;
	}

	@Override
	protected Class<?> autoConfiguration() {
		return TomcatBundleAutoConfiguration.class;
	}

	@Override
	protected ConfigurableApplicationContext createContext() {
		return new AnnotationConfigServletWebServerApplicationContext();
	}

	@Override
	protected String refusal() {
		return NO_KEY;
	}

	@Override
	protected String refusalOfIdentityBundle() {
		return NO_KEY;
	}

	/**
	 * Where Tomcat has no store, it takes one from the home directory.
	 */
	@ParameterizedTest
	@EnumSource(Ssl.ClientAuth.class)
	void serverWhoseFactoryIsNoBeanDoesNotStartEvenWithStoreInHomeDirectory(Ssl.ClientAuth clientAuth,
			@TempDir Path home) throws Exception {
		try (OutputStream out = Files.newOutputStream(home.resolve(".keystore"))) {
			Credential.of(world.web(), "localhost").keyStore().store(out, "changeit".toCharArray());
		}
		String before = System.setProperty("user.home", home.toString());
		try {
			for (TomcatServletWebServerFactory factory : List.of(
					factory(application.bean(SslBundles.class), clientAuth),
					withIdentityBundle(factory(application.bean(SslBundles.class), clientAuth)))) {
				WebServer server = factory.getWebServer();
				assertThatException().isThrownBy(server::start).havingRootCause().withMessage(NO_KEY);
				server.destroy();
			}
		}
		finally {
			System.setProperty("user.home", before);
		}
	}

	/**
	 * Create a factory with a directory of its own, since one that cannot start would
	 * leave it behind.
	 */
	private static TomcatServletWebServerFactory factory(SslBundles bundles, Ssl.ClientAuth clientAuth) {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		factory.setBaseDirectory(directory.resolve(UUID.randomUUID().toString()).toFile());
		return secured(factory, bundles, clientAuth);
	}

	@Configuration(proxyBeanMethods = false)
	static class ChildServer {

		@Bean
		TomcatServletWebServerFactory webServerFactory(SslBundles bundles, Environment environment) {
			return factory(bundles, environment.getProperty(CLIENT_AUTH, Ssl.ClientAuth.class));
		}

		@Bean
		ServletContextInitializer greeting() {
			return (context) -> context.addServlet("greeting", new Greeting()).addMapping("/greeting");
		}

	}

	static class Greeting extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.getWriter().print("hello");
		}

	}

}
