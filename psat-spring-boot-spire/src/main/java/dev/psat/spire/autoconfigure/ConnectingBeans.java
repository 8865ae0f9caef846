package dev.psat.spire.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * {@link BeanFactoryPostProcessor} that lets beans depend on {@link EarlyWait} with which
 * an application connects. Most beans are created after it anyway; these may come before
 * all others, with the filters of a web server. They are recognized by name, so that
 * nothing is loaded that the application does not have.
 * <p>
 * It has no order, since those without one come last, and may still add beans.
 */
final class ConnectingBeans implements BeanFactoryPostProcessor {

	private static final Set<String> TYPES = Set.of("javax.sql.DataSource", "jakarta.persistence.EntityManagerFactory",
			"io.r2dbc.spi.ConnectionFactory", "org.flywaydb.core.Flyway",
			"liquibase.integration.spring.SpringLiquibase",
			"org.springframework.boot.sql.init.AbstractScriptDatabaseInitializer",
			"org.springframework.data.redis.connection.RedisConnectionFactory",
			"org.springframework.data.redis.connection.ReactiveRedisConnectionFactory",
			"com.mongodb.client.MongoClient", "com.mongodb.reactivestreams.client.MongoClient",
			"com.datastax.oss.driver.api.core.session.Session", "org.neo4j.driver.Driver",
			"co.elastic.clients.transport.rest5_client.low_level.Rest5Client", "org.elasticsearch.client.RestClient",
			"org.springframework.kafka.core.ProducerFactory", "org.springframework.kafka.core.ConsumerFactory",
			"org.springframework.kafka.core.KafkaAdminOperations",
			"org.springframework.amqp.rabbit.connection.ConnectionFactory", "com.rabbitmq.stream.Environment",
			"org.apache.pulsar.client.api.PulsarClient", "org.springframework.pulsar.core.PulsarAdminOperations",
			"jakarta.jms.ConnectionFactory", "org.springframework.ldap.core.ContextSource",
			"org.springframework.mail.MailSender");

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanDefinitionNames()) {
			if (connects(type(name, beanFactory))) {
				BeanDefinition definition = beanFactory.getBeanDefinition(name);
				Set<String> dependsOn = new LinkedHashSet<>(List.of(EarlyWait.NAME));
				if (definition.getDependsOn() != null) {
					dependsOn.addAll(List.of(definition.getDependsOn()));
				}
				definition.setDependsOn(dependsOn.toArray(String[]::new));
			}
		}
	}

	private static @Nullable Class<?> type(String name, ConfigurableListableBeanFactory beanFactory) {
		try {
			return beanFactory.getType(name, false);
		}
		catch (BeansException ex) {
			// it fails when it is created, if ever
			return null;
		}
	}

	private static boolean connects(@Nullable Class<?> type) {
		for (Class<?> each = type; each != null; each = each.getSuperclass()) {
			if (TYPES.contains(each.getName())) {
				return true;
			}
		}
		return type != null && ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.anyMatch((each) -> TYPES.contains(each.getName()));
	}

}
