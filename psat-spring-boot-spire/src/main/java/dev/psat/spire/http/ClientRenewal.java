package dev.psat.spire.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

import dev.psat.concurrent.internal.Time;
import dev.psat.spire.ssl.SvidSslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.ConnectionGroup;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Clients that cannot let go of a single connection, such as those of the JDK: if one
 * should no longer be used, another client takes over. The old one is not closed, which
 * would cut its calls short and no client of JDK 17 can be: it ends when nothing refers
 * to it.
 */
final class ClientRenewal<T> {

	private static final Log logger = LogFactory.getLog(ClientRenewal.class);

	/** A client that is left may take its threads along for a while. */
	private static final Duration LEAST_PAUSE = Duration.ofMinutes(1);

	private final SvidSslBundle bundle;

	private final Function<SSLContext, T> clients;

	private final long leastPause;

	private final Time time;

	private final AtomicBoolean renewing = new AtomicBoolean();

	private volatile Generation<T> current;

	private volatile long tried;

	ClientRenewal(SvidSslBundle bundle, Function<SSLContext, T> clients) {
		this(bundle, clients, LEAST_PAUSE, Time.ofSystem());
	}

	ClientRenewal(SvidSslBundle bundle, Function<SSLContext, T> clients, Duration leastPause, Time time) {
		this.bundle = bundle;
		this.clients = clients;
		this.leastPause = leastPause.toNanos();
		this.time = time;
		this.tried = time.nanos() - this.leastPause;
		this.current = create();
	}

	T current() {
		if (this.current.group.isDue() && this.renewing.compareAndSet(false, true)) {
			try {
				renew();
			}
			finally {
				this.renewing.set(false);
			}
		}
		return this.current.client;
	}

	private void renew() {
		long now = this.time.nanos();
		if (now - this.tried < this.leastPause) {
			return;
		}
		this.tried = now;
		try {
			this.current = create();
		}
		// what the application customizes may fail, but the call need not
		catch (RuntimeException ex) {
			logger.warn("A client for new connections could not be created, so the one in use goes on", ex);
		}
	}

	private Generation<T> create() {
		ConnectionGroup group = new ConnectionGroup(this.time);
		return new Generation<>(group, this.clients.apply(BundleTls.throwing(this.bundle.createSslContext(), group)));
	}

	private record Generation<T>(ConnectionGroup group, T client) {

	}

}
