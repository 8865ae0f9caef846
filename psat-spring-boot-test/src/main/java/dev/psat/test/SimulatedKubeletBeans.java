package dev.psat.test;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.test.context.DynamicPropertyRegistrar;

/**
 * The beans of {@link SimulatedKubeletConfiguration}.
 */
@Configuration(proxyBeanMethods = false)
class SimulatedKubeletBeans {

	private static final String TOKEN_PATH = "spire.psat.token-path";

	private static final String CLUSTER = "spire.psat.cluster";

	private static final String AUDIENCE = "spire.psat.audience";

	@Bean
	@ConditionalOnMissingBean
	SimulatedKubelet simulatedKubelet(Environment environment) {
		SimulatedKubeletBuilder builder = SimulatedKubelet.builder().rotateOnSchedule();
		String[] audiences = Binder.get(environment).bind(AUDIENCE, String[].class).orElse(new String[0]);
		return (audiences.length > 0) ? builder.audience(audiences).build() : builder.build();
	}

	@Bean
	DynamicPropertyRegistrar simulatedKubeletProperties(SimulatedKubelet kubelet, Environment environment) {
		boolean clusterSet = Binder.get(environment).bind(CLUSTER, String.class).isBound();
		return (properties) -> {
			properties.add(TOKEN_PATH, () -> kubelet.tokenPath().toString());
			if (!clusterSet) {
				properties.add(CLUSTER, () -> "simulated");
			}
		};
	}

}
