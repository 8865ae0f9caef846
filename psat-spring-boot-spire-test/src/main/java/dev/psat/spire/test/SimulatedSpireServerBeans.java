package dev.psat.spire.test;

import java.time.Duration;

import dev.psat.test.SimulatedKubelet;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistrar;

@Configuration(proxyBeanMethods = false)
class SimulatedSpireServerBeans {

	private static final String CLUSTER = "spire.psat.cluster";

	private static final String AUDIENCE = "spire.psat.audience";

	@Bean
	@ConditionalOnMissingBean
	SimulatedSpireServer simulatedSpireServer(SimulatedKubelet kubelet, Environment environment) {
		Binder binder = Binder.get(environment);
		SimulatedCluster cluster = SimulatedCluster
			.named(binder.bind(CLUSTER, String.class).orElse(SimulatedSpireServerBuilder.CLUSTER))
			.usePodIds();
		String[] audiences = binder.bind(AUDIENCE, String[].class).orElse(new String[0]);
		if (audiences.length > 0) {
			cluster.audience(audiences);
		}
		return SimulatedSpireServer.builder()
			.cluster(cluster)
			.workload(kubelet, cluster.name())
			.limitAttestations(false)
			.entryCacheReload(Duration.ZERO)
			.build();
	}

	@Bean
	TrustBundleFile simulatedTrustBundleFile(SimulatedSpireServer server) {
		return TrustBundleFile.of(server);
	}

	@Bean
	DynamicPropertyRegistrar simulatedSpireServerProperties(SimulatedSpireServer server, TrustBundleFile trustBundle,
			ListableBeanFactory beanFactory) {
		// Before anybody knows the address, or the first answers would not have it yet
		beanFactory.getBeansOfType(SimulatedSpireServer.class).values().forEach((other) -> federate(server, other));
		return (properties) -> {
			properties.add("spire.server.address", server::address);
			properties.add("spire.server.trust-domain", server::trustDomain);
			properties.add("spire.server.trust-bundle", () -> trustBundle.path().toString());
		};
	}

	static void federate(SimulatedSpireServer server, SimulatedSpireServer other) {
		if (!other.trustDomain().equals(server.trustDomain())) {
			federateUnlessSet(server, other);
			federateUnlessSet(other, server);
		}
	}

	private static void federateUnlessSet(SimulatedSpireServer server, SimulatedSpireServer partner) {
		if (server.federation().bundle(partner.trustDomain()) == null) {
			server.federateWith(partner);
			server.entries().reload();
		}
	}

}
