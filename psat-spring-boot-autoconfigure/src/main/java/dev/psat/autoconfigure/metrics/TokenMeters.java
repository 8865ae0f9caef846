package dev.psat.autoconfigure.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

import dev.psat.autoconfigure.internal.TokenSources;
import dev.psat.status.internal.SafeStatus;
import dev.psat.token.TokenSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Meters for all token sources, tagged with the name of the source. */
final class TokenMeters implements MeterBinder, DisposableBean {

	private final @Nullable TokenSource defaultSource;

	private final BooleanSupplier hasPayload;

	private final ConfigurableListableBeanFactory beanFactory;

	private final List<SourceMeters> bound = new CopyOnWriteArrayList<>();

	TokenMeters(@Nullable TokenSource defaultSource, BooleanSupplier hasPayload,
			ConfigurableListableBeanFactory beanFactory) {
		this.defaultSource = defaultSource;
		this.hasPayload = hasPayload;
		this.beanFactory = beanFactory;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		if (this.defaultSource != null) {
			bind(new SourceMeters(TokenSources.DEFAULT_NAME, this.defaultSource, this.hasPayload), registry);
		}
		for (Map.Entry<String, TokenSource> further : TokenSources.further(this.beanFactory).entrySet()) {
			TokenSource source = further.getValue();
			bind(new SourceMeters(further.getKey(), source,
					() -> SafeStatus.of(source::status).tokenState().isInForce()), registry);
		}
	}

	private void bind(SourceMeters meters, MeterRegistry registry) {
		this.bound.add(meters);
		meters.bindTo(registry);
	}

	/** The default source may belong to a parent context, which outlives the registry. */
	@Override
	public void destroy() {
		this.bound.forEach(SourceMeters::end);
	}

}
