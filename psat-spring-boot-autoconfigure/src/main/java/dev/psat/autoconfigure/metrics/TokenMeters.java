package dev.psat.autoconfigure.metrics;

import java.util.function.BooleanSupplier;

import dev.psat.autoconfigure.TokenSources;
import dev.psat.status.SafeStatus;
import dev.psat.token.TokenSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Meters for all token sources, tagged with the name of the source.
 */
final class TokenMeters implements MeterBinder {

	private final TokenSource defaultSource;

	private final BooleanSupplier hasPayload;

	private final ConfigurableListableBeanFactory beanFactory;

	TokenMeters(TokenSource defaultSource, BooleanSupplier hasPayload, ConfigurableListableBeanFactory beanFactory) {
		this.defaultSource = defaultSource;
		this.hasPayload = hasPayload;
		this.beanFactory = beanFactory;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		new SourceMeters(TokenSources.DEFAULT_NAME, this.defaultSource, this.hasPayload).bindTo(registry);
		TokenSources.further(this.beanFactory)
			.forEach((name, source) -> new SourceMeters(name, source,
					() -> SafeStatus.of(source::status).tokenState().isInForce())
				.bindTo(registry));
	}

}
