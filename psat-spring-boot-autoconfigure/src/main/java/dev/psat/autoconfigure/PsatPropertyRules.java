package dev.psat.autoconfigure;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.log.LogMessage;
import org.springframework.util.StringUtils;

import dev.psat.PsatAttestor;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenSourceBuilder;

/**
 * The one place where properties are checked: when a bean is made, so that neither lazy
 * initialization nor AOT processing gets round it.
 */
final class PsatPropertyRules {

	private static final Log logger = LogFactory.getLog(PsatPropertyRules.class);

	private PsatPropertyRules() {
	}

	/**
	 * Check what a source of tokens needs, and begin to build it.
	 * @param properties the properties
	 * @return the builder
	 * @throws InvalidPsatPropertyException if one of them is invalid
	 */
	static TokenSourceBuilder sourceBuilder(PsatProperties properties) {
		checkAudience(properties.getAudience());
		TokenSourceBuilder builder = TokenSource.builder(tokenPath(properties.getTokenPath()))
			.audience(properties.getAudience().toArray(String[]::new))
			.watch(properties.getRefresh().isWatch());
		set("clock-skew", properties.getClockSkew(), builder::clockSkew,
				"Set it to '60s', the leeway of the Kubernetes API server, or remove it.");
		set("refresh.poll-interval", properties.getRefresh().getPollInterval(), builder::pollInterval,
				"Set it to '5s', or remove it.");
		return builder;
	}

	/**
	 * Check what an attestor needs, and make it.
	 * @param properties the properties
	 * @param source gives the source of tokens, asked for last
	 * @return the attestor
	 * @throws InvalidPsatPropertyException if one of them is missing or invalid
	 */
	static PsatAttestor attestor(PsatProperties properties, Supplier<DefaultSource> source) {
		checkAudience(properties.getAudience());
		String cluster = properties.getCluster();
		if (!StringUtils.hasText(cluster)) {
			throw new InvalidPsatPropertyException("cluster", cluster,
					"It is required: the SPIRE Server has to know from which of its clusters the token comes.", """
							Set it to the name of this cluster in the 'clusters' of the SPIRE Server's \
							NodeAttestor "k8s_psat", for example

							    spire:
							      psat:
							        cluster: demo-cluster

							In a test, add dev.psat:psat-spring-boot-test and, to the test class, \
							@Import(SimulatedKubeletConfiguration.class), which sets it. \
							Where nothing is to be attested at all, set 'spire.psat.enabled' to 'false'.""");
		}
		checkCluster(cluster);
		DefaultSource defaultSource = source.get();
		if (properties.getAudience().isEmpty() && defaultSource.replacesOurs()) {
			logger.warn(LogMessage.format("Tokens of the source '%s' are sent to the SPIRE Server whatever their "
					+ "audience, as 'spire.psat.audience' is empty.", defaultSource.name()));
		}
		return PsatAttestor.of(cluster, defaultSource.source(), properties.getAudience());
	}

	/**
	 * Has an attestor check it that is never used: no source is made for a bad one.
	 */
	private static void checkCluster(String cluster) {
		set("cluster", cluster, (name) -> PsatAttestor.of(name, new DisabledTokenSource(), Collections.emptyList()),
				"Set it to the name of this cluster in the 'clusters' of the SPIRE Server's NodeAttestor "
						+ "\"k8s_psat\".");
	}

	private static <T> void set(String name, T value, Consumer<T> setter, String action) {
		try {
			setter.accept(value);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPsatPropertyException(name, value, String.valueOf(ex.getMessage()), action);
		}
	}

	private static Path tokenPath(String path) {
		return PathProperty.parse("token-path", path,
				"Set it to the path of the projected token in the container, or remove it to use "
						+ "'/var/run/secrets/tokens/spire-agent'.");
	}

	private static void checkAudience(List<String> audience) {
		for (int i = 0; i < audience.size(); i++) {
			if (!StringUtils.hasText(audience.get(i))) {
				throw new InvalidPsatPropertyException("audience[" + i + "]", audience.get(i),
						"None of the audiences must be blank.",
						"Set it to the 'audience' of the projected token, or to nothing to take every token.");
			}
		}
	}

}
