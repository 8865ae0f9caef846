package dev.psat.spire.test;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.DynamicPropertyRegistrar;

@Configuration(proxyBeanMethods = false)
class SimulatedWorkloadApiBeans {

	@Bean
	@ConditionalOnMissingBean
	SimulatedWorkloadApi simulatedWorkloadApi() {
		return SimulatedWorkloadApi.builder()
			.entry("spiffe://example.org/ns/default/sa/default", (entry) -> entry.hint("default"))
			.build();
	}

	@Bean
	DynamicPropertyRegistrar simulatedWorkloadApiProperties(SimulatedWorkloadApi api, ListableBeanFactory beanFactory) {
		// Before anybody knows the address, or the first messages would be without them
		beanFactory.getBeansOfType(SimulatedSpireServer.class)
			.values()
			.forEach((other) -> SimulatedSpireServerBeans.federate(api.server(), other));
		api.sync();
		return (properties) -> properties.add("spire.workload-api.socket", api::address);
	}

}
