package dev.psat.spire.ssl;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What is created with its first use: an application need not use a bundle, and TLS costs
 * hundreds of classes. Nobody waits for whoever creates it, and the first one counts.
 *
 * @param <T> the type of what is created
 */
final class Lazy<T> implements Supplier<T> {

	private final Supplier<T> source;

	private final AtomicReference<@Nullable T> created = new AtomicReference<>();

	Lazy(Supplier<T> source) {
		this.source = source;
	}

	@Override
	public T get() {
		T created = this.created.get();
		if (created == null) {
			this.created.compareAndSet(null, this.source.get());
			created = Objects.requireNonNull(this.created.get());
		}
		return created;
	}

	<R> Lazy<R> map(Function<T, R> function) {
		return new Lazy<>(() -> function.apply(get()));
	}

}
