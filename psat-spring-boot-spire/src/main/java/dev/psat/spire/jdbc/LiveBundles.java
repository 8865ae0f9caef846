package dev.psat.spire.jdbc;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import javax.net.ssl.SSLException;

import dev.psat.spire.autoconfigure.internal.ClientCheck.Refusal;
import dev.psat.spire.ssl.SvidSslBundle;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The SSL bundles of a live application context, for what is created by its class name
 * alone. Static and weak: a context that nobody closes is forgotten.
 */
final class LiveBundles implements AutoCloseable {

	/** To which context a connection belongs, if that is known. Drivers ignore it. */
	static final String CONTEXT = "dev.psat.spire.context";

	private static final Set<LiveBundles> LIVE = Collections.newSetFromMap(new WeakHashMap<>());

	private static final AtomicLong COUNT = new AtomicLong();

	private final String key = String.valueOf(COUNT.incrementAndGet());

	private final String context;

	private final SslBundles bundles;

	private LiveBundles(String context, SslBundles bundles) {
		this.context = context;
		this.bundles = bundles;
	}

	/** The context has to refer to the result. */
	static LiveBundles open(String context, SslBundles bundles) {
		LiveBundles live = new LiveBundles(context, bundles);
		synchronized (LIVE) {
			LIVE.add(live);
		}
		return live;
	}

	/** Throws if there is none, or it could be that of several contexts. */
	static SvidSslBundle find(String name, @Nullable String key) throws SSLException {
		List<LiveBundles> live = live();
		if (key != null) {
			live = live.stream().filter((each) -> each.key.equals(key)).toList();
			if (live.isEmpty()) {
				throw new SSLException("The application context of this connection has been closed.");
			}
		}
		List<LiveBundles> named = live.stream().filter((each) -> each.bundles.getBundleNames().contains(name)).toList();
		Set<SslBundle> found = Collections.newSetFromMap(new IdentityHashMap<>());
		named.forEach((each) -> found.add(each.bundles.getBundle(name)));
		if (found.size() > 1) {
			throw new SSLException(
					"The SSL bundle '%s' could be that of any of the application contexts %s. Give their bundles different names."
						.formatted(name, names(named)));
		}
		if (found.isEmpty()) {
			throw new SSLException(live.isEmpty()
					? "No application context has made its SSL bundles available to the class loader '%s' of this socket factory."
						.formatted(LiveBundles.class.getClassLoader())
					: "There is no SSL bundle '%s' in %s.".formatted(Refusal.quotable(name), names(live)));
		}
		if (!(found.iterator().next() instanceof SvidSslBundle bundle)) {
			throw new SSLException("The SSL bundle '%s' does not present the SPIRE identity.".formatted(name));
		}
		return bundle;
	}

	private static List<LiveBundles> live() {
		synchronized (LIVE) {
			return List.copyOf(LIVE);
		}
	}

	private static String names(List<LiveBundles> live) {
		return live.stream().map((each) -> "'" + each.context + "'").sorted().collect(Collectors.joining(", "));
	}

	String key() {
		return this.key;
	}

	@Override
	public void close() {
		synchronized (LIVE) {
			LIVE.remove(this);
		}
	}

}
