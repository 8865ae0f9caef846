package dev.psat.tlstests.grpc;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.tlstests.Policy;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;

/**
 * An application that greets by gRPC, on Spring Boot's server and on one of its own with
 * a policy of its own.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class GrpcApplication {

	@Bean
	Greeting greeting() {
		return new Greeting();
	}

	@Bean
	Started started(SpiffeSslBundle bundle) {
		return new Started(bundle);
	}

	@Bean
	Policy policy() {
		return new Policy();
	}

	@Bean(initMethod = "start", destroyMethod = "close")
	PolicedServer policedServer(SpiffeSslBundle bundle, Policy policy) {
		return new PolicedServer(bundle.authorizing(policy));
	}

	/**
	 * Knows where Spring Boot's server listens, and whether there was an X.509-SVID then.
	 */
	static final class Started {

		private final SpiffeSslBundle bundle;

		private int port;

		private boolean empty;

		Started(SpiffeSslBundle bundle) {
			this.bundle = bundle;
		}

		@EventListener
		void onStart(GrpcServerStartedEvent event) {
			this.port = event.getPort();
			this.empty = this.bundle.isEmpty();
		}

		int port() {
			return this.port;
		}

		boolean wasEmpty() {
			return this.empty;
		}

	}

}
