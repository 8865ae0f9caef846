package dev.psat.tlstests.jetty;

import java.io.IOException;

import dev.psat.spire.jetty.JettyBundleAutoConfiguration;
import dev.psat.support.Matrix;
import dev.psat.tlstests.ChildContextContract;
import dev.psat.tlstests.TlsApplication;
import dev.psat.tlstests.TlsWorld;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The contract on Jetty, and what holds where no context tells the library of a server.
 */
@Matrix
class JettyChildContextTests extends ChildContextContract {

	@AutoClose
	private static TlsWorld world;

	private static TlsApplication application;

	@BeforeAll
	static void start() {
		world = new TlsWorld();
		application = TlsApplication.run(world, JettyApplication.class, "server.port=0", "server.ssl.bundle=spire",
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
		return JettyBundleAutoConfiguration.class;
	}

	@Override
	protected ConfigurableApplicationContext createContext() {
		return new AnnotationConfigServletWebServerApplicationContext();
	}

	@Override
	protected String refusal() {
		return "without the context of that bundle";
	}

	@ParameterizedTest
	@EnumSource(Ssl.ClientAuth.class)
	void serverWhoseFactoryIsNoBeanServesNobody(Ssl.ClientAuth clientAuth) {
		SslBundles bundles = application.bean(SslBundles.class);
		assertThatLetsIn(factory(bundles, clientAuth).getWebServer(ChildServer.GREETING));
		assertThatLetsIn(withIdentityBundle(factory(bundles, clientAuth)).getWebServer(ChildServer.GREETING));
	}

	private static JettyServletWebServerFactory factory(SslBundles bundles, Ssl.ClientAuth clientAuth) {
		return secured(new JettyServletWebServerFactory(0), bundles, clientAuth);
	}

	@Configuration(proxyBeanMethods = false)
	static class ChildServer {

		static final ServletContextInitializer GREETING = (context) -> context.addServlet("greeting", new Greeting())
			.addMapping("/greeting");

		@Bean
		JettyServletWebServerFactory webServerFactory(SslBundles bundles, Environment environment) {
			return factory(bundles, environment.getProperty(CLIENT_AUTH, Ssl.ClientAuth.class));
		}

		@Bean
		ServletContextInitializer greeting() {
			return GREETING;
		}

	}

	static class Greeting extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.getWriter().print("hello");
		}

	}

}
