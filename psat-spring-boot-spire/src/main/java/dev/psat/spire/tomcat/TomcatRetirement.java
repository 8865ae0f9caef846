package dev.psat.spire.tomcat;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.OpenConnection;
import jakarta.servlet.ServletException;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleListener;
import org.apache.catalina.Pipeline;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections once they have ended, and lets clients replace them before. Adds to
 * what the connector does, and replaces nothing.
 */
final class TomcatRetirement implements LifecycleListener {

	private static final String HTTP_2 = "h2";

	private final Set<BundleTls> bundles = new CopyOnWriteArraySet<>();

	private final Connector connector;

	private final RetirementValve valve;

	private @Nullable Pipeline pipeline;

	private @Nullable TomcatConnectionCloser closer;

	/** How to say that a connection of HTTP/2 takes no further requests. */
	private final Map<OpenConnection, Runnable> goodbyes = Collections.synchronizedMap(new WeakHashMap<>());

	private TomcatRetirement(Connector connector) {
		this.connector = connector;
		this.valve = new RetirementValve(this);
	}

	static void on(Connector connector, SpiffeSslBundle bundle) {
		BundleTls tls = BundleTls.of(bundle.createSslContext());
		if (tls != null) {
			of(connector).bundles.add(tls);
		}
	}

	private static TomcatRetirement of(Connector connector) {
		return Arrays.stream(connector.findLifecycleListeners())
			.filter(TomcatRetirement.class::isInstance)
			.map(TomcatRetirement.class::cast)
			.findFirst()
			.orElseGet(() -> {
				TomcatRetirement retirement = new TomcatRetirement(connector);
				connector.addLifecycleListener(retirement);
				return retirement;
			});
	}

	@Override
	public void lifecycleEvent(LifecycleEvent event) {
		switch (event.getType()) {
			case Lifecycle.BEFORE_INIT_EVENT -> replaceHttp2();
			case Lifecycle.BEFORE_START_EVENT -> {
				addValve(this.connector.getService().getContainer().getPipeline());
				addCloser();
			}
			case Lifecycle.AFTER_STOP_EVENT -> {
				removeValve();
				removeCloser();
			}
			default -> {
			}
		}
	}

	private void addValve(Pipeline pipeline) {
		removeValve();
		pipeline.addValve(this.valve);
		this.pipeline = pipeline;
	}

	private void removeValve() {
		Pipeline pipeline = this.pipeline;
		if (pipeline != null) {
			pipeline.removeValve(this.valve);
			this.pipeline = null;
		}
	}

	private void addCloser() {
		removeCloser();
		TomcatConnectionCloser closer = TomcatConnectionCloser.of(this.connector);
		if (closer != null) {
			this.bundles.forEach((tls) -> tls.addCloser(closer));
			this.closer = closer;
		}
	}

	private void removeCloser() {
		TomcatConnectionCloser closer = this.closer;
		if (closer != null) {
			this.bundles.forEach((tls) -> tls.removeCloser(closer));
			this.closer = null;
		}
	}

	/** Tomcat uses the last protocol of HTTP/2. */
	private void replaceHttp2() {
		UpgradeProtocol last = null;
		for (UpgradeProtocol protocol : this.connector.findUpgradeProtocols()) {
			last = HTTP_2.equals(protocol.getAlpnName()) ? protocol : last;
		}
		if (last != null) {
			this.connector.addUpgradeProtocol(new Http2Retirement(last, this));
		}
	}

	private @Nullable OpenConnection find(@Nullable SSLSupport support) {
		byte[] id = sessionId(support);
		for (BundleTls tls : this.bundles) {
			OpenConnection connection = (id != null) ? tls.connection(id) : null;
			if (connection != null) {
				return connection;
			}
		}
		return null;
	}

	private static byte @Nullable [] sessionId(@Nullable SSLSupport support) {
		try {
			String id = (support != null) ? support.getSessionId() : null;
			return (id != null) ? HexFormat.of().parseHex(id) : null;
		}
		catch (IOException | IllegalArgumentException ex) {
			return null;
		}
	}

	private void sayGoodbye(OpenConnection connection) {
		Runnable goodbye = this.goodbyes.remove(connection);
		if (goodbye != null) {
			goodbye.run();
		}
	}

	/**
	 * Leaves everything to another protocol, but knows how to pause each connection: then
	 * the client is told that no further stream will be served, and its present ones are.
	 */
	private static final class Http2Retirement implements UpgradeProtocol {

		private final UpgradeProtocol protocol;

		private final TomcatRetirement retirement;

		Http2Retirement(UpgradeProtocol protocol, TomcatRetirement retirement) {
			this.protocol = protocol;
			this.retirement = retirement;
		}

		@Override
		public String getHttpUpgradeName(boolean encrypted) {
			return this.protocol.getHttpUpgradeName(encrypted);
		}

		@Override
		public byte[] getAlpnIdentifier() {
			return this.protocol.getAlpnIdentifier();
		}

		@Override
		public String getAlpnName() {
			return this.protocol.getAlpnName();
		}

		@Override
		public Processor getProcessor(SocketWrapperBase<?> socket, Adapter adapter) {
			Processor processor = this.protocol.getProcessor(socket, adapter);
			OpenConnection connection = this.retirement.find(socket.getSslSupport());
			if (connection != null) {
				WeakReference<Processor> reference = new WeakReference<>(processor);
				this.retirement.goodbyes.put(connection, () -> pause(reference.get()));
			}
			return processor;
		}

		private static void pause(@Nullable Processor processor) {
			if (processor != null) {
				processor.pause();
			}
		}

		@Override
		public InternalHttpUpgradeHandler getInternalUpgradeHandler(SocketWrapperBase<?> socket, Adapter adapter,
				org.apache.coyote.Request request) {
			return this.protocol.getInternalUpgradeHandler(socket, adapter, request);
		}

		@Override
		public boolean accept(org.apache.coyote.Request request) {
			return this.protocol.accept(request);
		}

	}

	/**
	 * Answers on a due connection so that the client uses another one, and lets no
	 * request begin on one that has ended: over HTTP/2, it may have waited for its turn,
	 * and over HTTP/1.1, it may have been sent with an earlier one.
	 */
	private static final class RetirementValve extends ValveBase {

		private final TomcatRetirement retirement;

		RetirementValve(TomcatRetirement retirement) {
			super(true);
			this.retirement = retirement;
		}

		@Override
		public void invoke(Request request, Response response) throws IOException, ServletException {
			OpenConnection connection = find(request);
			if (connection != null) {
				switch (connection.standing()) {
					case ENDED -> {
						// what has begun may finish
						if (!request.isAsyncDispatching()) {
							// nobody will see it but the log
							response.setStatus(Response.SC_FORBIDDEN);
							return;
						}
					}
					case DUE -> retire(connection, request, response);
					case GOOD -> {
					}
				}
			}
			getNext().invoke(request, response);
		}

		private void retire(OpenConnection connection, Request request, Response response) {
			if ("HTTP/2.0".equals(request.getProtocol())) {
				this.retirement.sayGoodbye(connection);
			}
			// a WebSocket stays
			else if (request.getHeader("Upgrade") == null) {
				response.setHeader("Connection", "close");
			}
		}

		private @Nullable OpenConnection find(Request request) {
			return (request.getConnector() == this.retirement.connector
					&& request.getAttribute(SSLSupport.SESSION_MGR) instanceof SSLSupport support)
							? this.retirement.find(support) : null;
		}

	}

}
