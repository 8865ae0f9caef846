package dev.psat.spire.autoconfigure;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

import dev.psat.concurrent.Mishap;
import dev.psat.spire.SpiffeSslBundle;

/**
 * The servers of this application that use the SSL bundle. Public only for the
 * auto-configuration of servers.
 *
 * @since 0.1.0
 */
public final class BundleServers {

	private final Set<String> names = new CopyOnWriteArraySet<>();

	private final List<Runnable> checks = new CopyOnWriteArrayList<>();

	private final Set<Object> factories = Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

	private final AtomicReference<@Nullable Consumer<String>> wait = new AtomicReference<>();

	private final Mishap mishap = new Mishap(SpiffeSslBundle.class,
			"A server could not be checked after an update of the SSL bundle");

	BundleServers() {
	}

	/**
	 * Add a server that will serve the bundle as soon as it starts. The start of the
	 * application then waits for the first X.509-SVID. If that is over, as for a server
	 * in a child context, this method waits.
	 * @param name the name of the server, such as {@code the web server}
	 */
	public void add(String name) {
		Assert.notNull(name, "'name' must not be null");
		this.names.add(name);
		Consumer<String> wait = this.wait.get();
		if (wait != null) {
			wait.accept(name);
		}
	}

	/**
	 * Let servers that are added from now on wait for the first X.509-SVID, unless they
	 * do already.
	 */
	void awaitFromNowOn(Consumer<String> wait) {
		this.wait.compareAndSet(null, wait);
	}

	/**
	 * Remember that a factory has created its server with the context of the bundle.
	 * @param factory the factory
	 */
	public void secured(Object factory) {
		Assert.notNull(factory, "'factory' must not be null");
		this.factories.add(factory);
	}

	/**
	 * Return whether a factory has created its server with the context of the bundle.
	 * @param factory the factory
	 * @return whether it has
	 */
	public boolean isSecured(Object factory) {
		return this.factories.contains(factory);
	}

	/**
	 * Add a check to run after each update of the bundle.
	 * @param check the check
	 */
	public void afterUpdate(Runnable check) {
		Assert.notNull(check, "'check' must not be null");
		this.checks.add(check);
	}

	/**
	 * Return the servers that have been created, and those to be expected from the
	 * properties.
	 */
	List<String> expecting(Iterable<BundleDemand> demands) {
		Set<String> servers = new LinkedHashSet<>(this.names);
		for (BundleDemand demand : demands) {
			String server = demand.server();
			if (server != null) {
				servers.add(server);
			}
		}
		return List.copyOf(servers);
	}

	/**
	 * Check all servers. A check that fails prevents neither the other checks nor events.
	 */
	public void check() {
		for (Runnable check : this.checks) {
			try {
				check.run();
			}
			catch (RuntimeException ex) {
				this.mishap.happened(ex);
			}
		}
	}

}
