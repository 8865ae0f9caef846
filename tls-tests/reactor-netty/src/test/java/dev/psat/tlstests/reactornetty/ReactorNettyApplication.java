package dev.psat.tlstests.reactornetty;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.tlstests.Knock;
import dev.psat.tlstests.Policy;
import dev.psat.tlstests.TlsApplication;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * An application with two bundles more: {@code policed}, which has a policy of its own,
 * and {@code shop}, which has nothing to do with SPIRE.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
class ReactorNettyApplication {

	/**
	 * For two seconds more, Reactor Netty would wait for whoever still has something to
	 * do.
	 */
	static final String QUICK_SHUTDOWN = "spring.reactor.netty.shutdown-quiet-period=0s";

	@GetMapping("/greeting")
	String greeting() {
		return "hello";
	}

	@Bean
	SslBundleRegistrar shop() {
		return (registry) -> registry.registerBundle("shop", SslBundle.of(SslStoreBundle.NONE));
	}

	@Bean
	Policy policy() {
		return new Policy();
	}

	@Bean
	SslBundleRegistrar policed(SpiffeSslBundle bundle, Policy policy) {
		return (registry) -> registry.registerBundle("policed", bundle.authorizing(policy));
	}

	static Knock server(TlsApplication application) {
		return Knock.http(application.port("server"), "/greeting");
	}

	static Knock http2Server(TlsApplication application) {
		return Knock.http2(application.port("server"));
	}

	static Knock managementServer(TlsApplication application) {
		return Knock.http(application.port("management"), "/actuator/health");
	}

}
