package dev.psat.spire.tls.internal;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import javax.net.ssl.SSLSocketFactory;

/**
 * The factories of a context. It has one at a time, since the JDK keeps the connections
 * of its {@code HttpURLConnection} per factory, and another one as soon as one of these
 * connections should no longer be used.
 */
final class SocketFactories {

	private final Function<ConnectionGroup, SSLSocketFactory> factories;

	private final AtomicReference<Generation> current;

	/**
	 * Create an instance.
	 * @param factories creates the factory whose sockets a group will have
	 */
	SocketFactories(Function<ConnectionGroup, SSLSocketFactory> factories) {
		this.factories = factories;
		this.current = new AtomicReference<>(next());
	}

	SSLSocketFactory current() {
		Generation generation = this.current.get();
		if (generation.group.isDue()) {
			this.current.compareAndSet(generation, next());
		}
		return this.current.get().factory;
	}

	private Generation next() {
		ConnectionGroup group = new ConnectionGroup();
		return new Generation(group, this.factories.apply(group));
	}

	private record Generation(ConnectionGroup group, SSLSocketFactory factory) {

	}

}
