package dev.psat.spire.tomcat;

import java.lang.ref.WeakReference;

import dev.psat.spire.tls.internal.OpenConnection;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * {@link UpgradeProtocol} that has another one do everything, with all of its settings,
 * and keeps in mind how to pause each of its connections: then Tomcat tells the client
 * that no further stream will be served, and serves those that it has.
 */
final class TomcatHttp2Retirement implements UpgradeProtocol {

	private final UpgradeProtocol protocol;

	private final TomcatRetirement retirement;

	TomcatHttp2Retirement(UpgradeProtocol protocol, TomcatRetirement retirement) {
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
			this.retirement.expect(connection, () -> pause(reference.get()));
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
			Request request) {
		return this.protocol.getInternalUpgradeHandler(socket, adapter, request);
	}

	@Override
	public boolean accept(Request request) {
		return this.protocol.accept(request);
	}

}
