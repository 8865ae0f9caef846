package dev.psat.spire.autoconfigure.internal;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.psat.concurrent.internal.RepeatedError;
import dev.psat.spire.autoconfigure.authorization.internal.AuthorizedPeers;
import dev.psat.spire.ssl.SpiffeSslBundle;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.log.LogMessage;
import org.springframework.util.StringUtils;

public final class BundleServers {

	private static final Log logger = LogFactory.getLog(SpiffeSslBundle.class);

	private final SpiffeSslBundle own;

	private final @Nullable AuthorizedPeers clients;

	private final @Nullable String decidesOnClients;

	private final Set<String> names = new CopyOnWriteArraySet<>();

	private final List<Runnable> checks = new CopyOnWriteArrayList<>();

	private final Set<Object> factories = Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

	private final AtomicReference<@Nullable Consumer<String>> wait = new AtomicReference<>();

	private final RepeatedError repeatedError = new RepeatedError(SpiffeSslBundle.class,
			"A server could not be checked after an update of the SSL bundle");

	/**
	 * @param clients whom the properties let in, {@code null} if they do not count
	 * @param bean the name of the bean that decides on clients instead, if there is one
	 */
	public BundleServers(SpiffeSslBundle own, @Nullable AuthorizedPeers clients, @Nullable String bean) {
		this.own = own;
		this.clients = clients;
		this.decidesOnClients = decidesOnClients(clients, bean);
	}

	private static @Nullable String decidesOnClients(@Nullable AuthorizedPeers clients, @Nullable String bean) {
		if (bean != null) {
			return "the PeerPolicy bean '%s'".formatted(bean);
		}
		return (clients != null && clients.isListing()) ? clients.names() : null;
	}

	/**
	 * Warns if what decides on clients has no effect on the server, or lets in nobody.
	 */
	public void add(String name, SpiffeSslBundle bundle) {
		if (this.decidesOnClients != null && this.own != bundle) {
			logger.warn(LogMessage.format("%s serves an SSL bundle with a policy of its own, so %s has no effect on it",
					StringUtils.capitalize(name), this.decidesOnClients));
		}
		AuthorizedPeers clients = this.clients;
		if (clients != null && clients.isNobody() && this.own == bundle) {
			logger.warn(LogMessage.format("%s lets in no client with a certificate, since %s",
					StringUtils.capitalize(name), clients.whyNobody()));
		}
		add(name);
	}

	/**
	 * The start waits for the first X.509-SVID if a server is added. If the start is
	 * over, as for a server in a child context, this method waits.
	 */
	public void add(String name) {
		this.names.add(name);
		Consumer<String> wait = this.wait.get();
		if (wait != null) {
			wait.accept(name);
		}
	}

	public void awaitFromNowOn(Consumer<String> wait) {
		this.wait.compareAndSet(null, wait);
	}

	/** Remember that a factory has created its server with the context of the bundle. */
	public void secured(Object factory) {
		this.factories.add(factory);
	}

	public boolean isSecured(Object factory) {
		return this.factories.contains(factory);
	}

	public void afterUpdate(Runnable check) {
		this.checks.add(check);
	}

	public List<String> expecting(Iterable<Demand> demands) {
		Set<String> servers = new LinkedHashSet<>(this.names);
		for (Demand demand : demands) {
			String server = demand.server();
			if (server != null) {
				servers.add(server);
			}
		}
		return List.copyOf(servers);
	}

	/** A check that fails prevents neither the other checks nor events. */
	public void check() {
		for (Runnable check : this.checks) {
			try {
				check.run();
			}
			catch (Throwable ex) {
				this.repeatedError.happened(ex);
			}
		}
	}

	/**
	 * {@link BeanPostProcessor} that servers in child contexts need as well.
	 */
	public interface PostProcessor extends BeanPostProcessor {

	}

	/** A server that has not been created yet, and may serve the SSL bundle. */
	@FunctionalInterface
	public interface Demand {

		/** Its name, such as {@code the gRPC server}, {@code null} if it will not. */
		@Nullable String server();

	}

}
