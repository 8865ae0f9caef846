package dev.psat.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

import dev.psat.PsatAttestor;
import dev.psat.token.TokenSource;

/**
 * The one place where properties are checked: when a bean is made, so that neither lazy
 * initialization nor AOT processing gets round it.
 */
final class PsatPropertyRules {

	private static final Duration LONGEST_CLOCK_SKEW = Duration.ofMinutes(10);

	private static final Duration SHORTEST_POLL_INTERVAL = Duration.ofMillis(100);

	private static final Duration LONGEST_POLL_INTERVAL = Duration.ofHours(24);

	/**
	 * Of two characters at least, since one is a drive of Windows.
	 */
	private static final Pattern URI_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:");

	private PsatPropertyRules() {
	}

	/**
	 * Check what a source of tokens needs.
	 * @param properties the properties
	 * @return path of the token
	 * @throws InvalidPsatPropertyException if one of them is of no use
	 */
	static Path tokenPath(PsatProperties properties) {
		checkIntervals(properties);
		checkAudience(properties.getAudience());
		return path(properties.getTokenPath());
	}

	/**
	 * Check what an attestor needs, and make it.
	 * @param properties the properties
	 * @param source gives the source of tokens, asked for last
	 * @return the attestor
	 * @throws InvalidPsatPropertyException if one of them is missing or of no use
	 */
	static PsatAttestor attestor(PsatProperties properties, Supplier<TokenSource> source) {
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
		try {
			return PsatAttestor.of(cluster, source.get(), properties.getAudience());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPsatPropertyException("cluster", cluster, String.valueOf(ex.getMessage()),
					"Set it to the name of this cluster in the 'clusters' of the SPIRE Server's NodeAttestor "
							+ "\"k8s_psat\".");
		}
	}

	private static void checkIntervals(PsatProperties properties) {
		Duration clockSkew = properties.getClockSkew();
		if (clockSkew.isNegative() || clockSkew.compareTo(LONGEST_CLOCK_SKEW) > 0) {
			throw new InvalidPsatPropertyException("clock-skew", clockSkew, "It has to be between 0 and 10 minutes.",
					"Set it to '60s', the leeway of the Kubernetes API server, or remove it.");
		}
		Duration pollInterval = properties.getRefresh().getPollInterval();
		if (pollInterval.compareTo(SHORTEST_POLL_INTERVAL) < 0 || pollInterval.compareTo(LONGEST_POLL_INTERVAL) > 0) {
			throw new InvalidPsatPropertyException("refresh.poll-interval", pollInterval,
					"It has to be between 100 milliseconds and 24 hours.", "Set it to '5s', or remove it.");
		}
	}

	private static Path path(String path) {
		if (!StringUtils.hasText(path)) {
			throw tokenPathException(path, "It must not be blank.");
		}
		try {
			return URI_SCHEME.matcher(path).lookingAt() ? pathOf(URI.create(path)) : Path.of(path);
		}
		catch (IllegalArgumentException ex) {
			throw tokenPathException(path, "It is neither the path of a file nor its 'file:' URI.");
		}
	}

	private static Path pathOf(URI uri) {
		Assert.isTrue("file".equalsIgnoreCase(uri.getScheme()), "'uri' must have the scheme 'file'");
		return Path.of(uri);
	}

	private static InvalidPsatPropertyException tokenPathException(String path, String reason) {
		return new InvalidPsatPropertyException("token-path", path, reason,
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
