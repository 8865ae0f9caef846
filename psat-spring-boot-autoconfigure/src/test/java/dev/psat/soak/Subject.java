package dev.psat.soak;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

import dev.psat.PsatAttestor;
import dev.psat.autoconfigure.PsatAutoConfiguration;
import dev.psat.support.MutableClock;
import dev.psat.token.TokenSource;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * A source and its attestor, which must withstand the faults.
 *
 * @param cluster the name of the cluster, different for each subject
 * @param source the source
 * @param attestor the attestor
 * @param clock the clock of the source
 * @param isPolling whether it has no file events
 * @param restart stops the source and starts it again
 * @param resource closes all of it
 */
record Subject(String cluster, TokenSource source, PsatAttestor attestor, Clock clock, boolean isPolling,
		Runnable restart, AutoCloseable resource) implements AutoCloseable {

	static final String AUDIENCE = "spire-server";

	/** The default leeway. */
	static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

	static Subject context(String cluster, Path token, Class<?>... further) {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class).sources(further)
			.web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.logStartupInfo(false)
			.registerShutdownHook(false)
			.properties("spire.psat.cluster=" + cluster, "spire.psat.token-path=" + token)
			.run();
		return new Subject(cluster, context.getBean(TokenSource.class), context.getBean(PsatAttestor.class),
				Clock.systemUTC(), false, () -> {
					context.stop();
					context.start();
				}, context);
	}

	static Subject source(String cluster, Path token, Clock clock, boolean watch, Duration pollInterval) {
		TokenSource source = TokenSource.builder(token)
			.audience(AUDIENCE)
			.clock(clock)
			.watch(watch)
			.pollInterval(pollInterval)
			.build();
		source.start();
		return new Subject(cluster, source, PsatAttestor.of(cluster, source, List.of(AUDIENCE)), clock, !watch, () -> {
			source.stop();
			source.start();
		}, source);
	}

	boolean isClocked() {
		return this.clock instanceof MutableClock;
	}

	@Override
	public void close() throws Exception {
		this.resource.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(PsatAutoConfiguration.class)
	static class Application {

	}

}
