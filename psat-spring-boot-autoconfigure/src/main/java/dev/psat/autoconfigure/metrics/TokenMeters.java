package dev.psat.autoconfigure.metrics;

import java.util.function.BooleanSupplier;

import dev.psat.autoconfigure.TokenSources;
import dev.psat.status.SafeStatus;
import dev.psat.token.TokenSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Meters for all token sources, tagged with the name of the source.
 */
final class TokenMeters implements MeterBinder {

	private final @Nullable TokenSource defaultSource;

	private final BooleanSupplier hasPayload;

	private final ConfigurableListableBeanFactory beanFactory;

	/**
	 * Create the meters.
	 * @param defaultSource the default source, {@code null} if the application needs none
	 * @param hasPayload whether a payload is available
	 * @param beanFactory the bean factory, which knows the additional sources
	 */
	TokenMeters(@Nullable TokenSource defaultSource, BooleanSupplier hasPayload,
			ConfigurableListableBeanFactory beanFactory) {
		this.defaultSource = defaultSource;
		this.hasPayload = hasPayload;
		this.beanFactory = beanFactory;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (this.defaultSource != null) {
			new SourceMeters(TokenSources.DEFAULT_NAME, this.defaultSource, this.hasPayload).bindTo(registry);
		}
		TokenSources.further(this.beanFactory)
			.forEach((name, source) -> new SourceMeters(name, source,
					() -> SafeStatus.of(source::status).tokenState().isInForce())
				.bindTo(registry));
	}

}
