package dev.psat.autoconfigure;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.internal.PathProperty;
import dev.psat.autoconfigure.internal.PsatStartupException;
import dev.psat.token.TokenSource;
import dev.psat.token.TokenSourceBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The single place that checks properties: when a bean is created, so that neither lazy
 * initialization nor AOT processing bypasses the check.
 */
final class PsatPropertyRules {

	private PsatPropertyRules() {
	}

	static TokenSourceBuilder sourceBuilder(PsatProperties properties) {
		checkAudience(properties.getAudience());
		TokenSourceBuilder builder = TokenSource.builder(tokenPath(properties.getTokenPath()))
			.audience(properties.getAudience().toArray(new String[0]))
			.watch(properties.getRefresh().isWatch());
		set("psat.clock-skew", properties.getClockSkew(), builder::clockSkew,
				"Set it to '60s', the leeway of the Kubernetes API server, or remove it.");
		set("psat.refresh.poll-interval", properties.getRefresh().getPollInterval(), builder::pollInterval,
				"Set it to '5s', or remove it.");
		return builder;
	}

	static void checkAttestor(PsatProperties properties, @Nullable String otherwise) {
		checkAudience(properties.getAudience());
		String cluster = properties.getCluster();
		if (!StringUtils.hasText(cluster)) {
			throw PsatStartupException.ofProperty("psat.cluster", cluster,
					"It is required: the SPIRE Server must know which of its clusters the token comes from.", """
							Set it to the name of this cluster in the 'clusters' of the SPIRE Server's \
							NodeAttestor "k8s_psat", for example

							    spire:
							      psat:
							        cluster: demo-cluster

							In a test, add dev.psat:psat-spring-boot-test and, to the test class, \
							@Import(SimulatedKubeletConfiguration.class), which sets it; for the SPIRE starter, \
							dev.psat:psat-spring-boot-spire-test and SimulatedSpireServerConfiguration instead. \
							To disable attestation altogether, set 'spire.psat.enabled' to 'false'."""
							+ ((otherwise != null) ? "\n\n" + otherwise : ""));
		}
		// with an attestor that is never used: an invalid name creates no source
		set("psat.cluster", cluster, (name) -> PsatAttestor.of(name, () -> {
			throw new IllegalStateException("Nobody asks for its tokens");
		}, List.of()), "Set it to the name of this cluster in the 'clusters' of the SPIRE Server's NodeAttestor "
				+ "\"k8s_psat\".");
	}

	private static <T> void set(String name, T value, Consumer<T> setter, String action) {
		try {
			setter.accept(value);
		}
		catch (IllegalArgumentException ex) {
			throw PsatStartupException.ofProperty(name, value, String.valueOf(ex.getMessage()), action);
		}
	}

	private static Path tokenPath(String path) {
		return PathProperty.parse("psat.token-path", path,
				"Set it to the path of the projected token in the container, or remove it to use "
						+ "'/var/run/secrets/tokens/spire-agent'.");
	}

	private static void checkAudience(List<String> audience) {
		for (int i = 0; i < audience.size(); i++) {
			if (!StringUtils.hasText(audience.get(i))) {
				throw PsatStartupException.ofProperty("psat.audience[" + i + "]", audience.get(i),
						"An audience must not be blank.", "Set it to the 'audience' of the projected token. "
								+ "To accept any token, set 'spire.psat.audience' itself to nothing.");
			}
		}
	}

}
