package dev.psat.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.io.ByteArrayResource;

/**
 * An application of the shop.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ShopApplication {

	/**
	 * Start an application.
	 * @param source what makes it this one
	 * @param yaml its {@code application.yaml}
	 * @param properties what takes precedence
	 * @return its context
	 */
	public static ConfigurableApplicationContext run(Class<?> source, String yaml, List<String> properties) {
		return new SpringApplicationBuilder(ShopApplication.class, source)
			.properties("spring.main.banner-mode=off", "server.port=0", "spring.config.name=none")
			.initializers((context) -> add(yaml, context.getEnvironment()))
			.run(properties.stream().map((property) -> "--" + property).toArray(String[]::new));
	}

	private static void add(String yaml, ConfigurableEnvironment environment) {
		try {
			new YamlPropertySourceLoader()
				.load("application.yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
				.forEach(environment.getPropertySources()::addLast);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
