package dev.psat.spire.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.psat.concurrent.Mishap;
import dev.psat.spire.SpiffeSslBundle;

/**
 * The servers of this application that were made with the SSL bundle. Public only for
 * their configuration.
 *
 * @since 0.1.0
 */
public final class BundleServers {

	private final List<String> names = new CopyOnWriteArrayList<>();

	private final List<Runnable> checks = new CopyOnWriteArrayList<>();

	private final Mishap mishap = new Mishap(SpiffeSslBundle.class,
			"A server could not be checked after an update of the SSL bundle");

	BundleServers() {
	}

	/**
	 * Record that a server will serve the bundle as soon as it starts, which therefore
	 * waits for the first X.509-SVID.
	 * @param name what to call it, such as {@code the web server}
	 */
	public void add(String name) {
		this.names.add(name);
	}

	/**
	 * Have something checked after each update of the bundle.
	 * @param check the check
	 */
	public void afterUpdate(Runnable check) {
		this.checks.add(check);
	}

	/**
	 * Return the servers that are made, and those that the properties tell of.
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
	 * Check all servers. One check that fails keeps neither the others nor events from
	 * coming.
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
