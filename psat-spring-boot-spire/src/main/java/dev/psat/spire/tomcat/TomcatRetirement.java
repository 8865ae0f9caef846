package dev.psat.spire.tomcat;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArraySet;

import dev.psat.spire.ssl.SpiffeSslBundle;
import dev.psat.spire.tls.internal.BundleTls;
import dev.psat.spire.tls.internal.OpenConnection;
import org.apache.catalina.Lifecycle;
import org.apache.catalina.LifecycleEvent;
import org.apache.catalina.LifecycleListener;
import org.apache.catalina.Pipeline;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.UpgradeProtocol;
import org.apache.tomcat.util.net.SSLSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@link LifecycleListener} that closes the connections of a connector once they have
 * ended, and lets clients replace them before. It adds to what the connector does, and
 * replaces nothing.
 */
final class TomcatRetirement implements LifecycleListener {

	private static final String HTTP_2 = "h2";

	private final Set<BundleTls> bundles = new CopyOnWriteArraySet<>();

	private final Connector connector;

	private final TomcatRetirementValve valve;

	private @Nullable Pipeline pipeline;

	private @Nullable TomcatConnectionCloser closer;

	private final Map<OpenConnection, Runnable> goodbyes = Collections.synchronizedMap(new WeakHashMap<>());

	private TomcatRetirement(Connector connector) {
		this.connector = connector;
		this.valve = new TomcatRetirementValve(this);
	}

	/**
	 * Let the clients of a connector with a bundle replace their connections in time.
	 * @param connector the connector, which has not been initialized
	 * @param bundle the bundle
	 */
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

	/**
	 * Have the last protocol of HTTP/2, which Tomcat uses, create its connections for one
	 * that keeps them in mind.
	 */
	private void replaceHttp2() {
		UpgradeProtocol last = null;
		for (UpgradeProtocol protocol : this.connector.findUpgradeProtocols()) {
			last = HTTP_2.equals(protocol.getAlpnName()) ? protocol : last;
		}
		if (last != null) {
			this.connector.addUpgradeProtocol(new TomcatHttp2Retirement(last, this));
		}
	}

	Connector connector() {
		return this.connector;
	}

	/**
	 * Return a connection.
	 * @param support knows its session, {@code null} if it is not encrypted
	 * @return the connection, {@code null} if it is none of a bundle
	 */
	@Nullable OpenConnection find(@Nullable SSLSupport support) {
		byte[] id = TomcatSessionIds.of(support);
		for (BundleTls tls : this.bundles) {
			OpenConnection connection = (id != null) ? tls.connection(id) : null;
			if (connection != null) {
				return connection;
			}
		}
		return null;
	}

	/**
	 * Keep in mind how to say that a connection of HTTP/2 takes no further requests.
	 * @param connection the connection
	 * @param goodbye says so, without holding the connection
	 */
	void expect(OpenConnection connection, Runnable goodbye) {
		this.goodbyes.put(connection, goodbye);
	}

	void sayGoodbye(OpenConnection connection) {
		Runnable goodbye = this.goodbyes.remove(connection);
		if (goodbye != null) {
			goodbye.run();
		}
	}

}
