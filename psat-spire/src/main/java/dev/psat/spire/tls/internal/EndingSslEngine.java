package dev.psat.spire.tls.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

/**
 * {@link SSLEngine} of a client that throws once its connection has to end: a client that
 * only finds its engine closed may wait forever, or read what it has received again and
 * again, on a thread of the JDK's client that takes a whole processor. So the first read
 * throws, and the first write, too, if it comes before that. From then on, the engine is
 * closed, and nothing reaches the peer.
 */
final class EndingSslEngine extends SSLEngine {

	private final SSLEngine engine;

	private final Signal signal;

	private final AtomicBoolean closed = new AtomicBoolean();

	private final AtomicBoolean readerKnows = new AtomicBoolean();

	EndingSslEngine(SSLEngine engine, Signal signal) {
		super(engine.getPeerHost(), engine.getPeerPort());
		this.engine = engine;
		this.signal = signal;
	}

	@Override
	public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer destination)
			throws SSLException {
		String reason = this.signal.reason();
		if (reason == null) {
			return this.engine.wrap(sources, offset, length, destination);
		}
		if (close(reason)) {
			throw new SSLException(reason);
		}
		return closed();
	}

	@Override
	public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] destinations, int offset, int length)
			throws SSLException {
		String reason = this.signal.reason();
		if (reason == null) {
			return this.engine.unwrap(source, destinations, offset, length);
		}
		close(reason);
		if (this.readerKnows.compareAndSet(false, true)) {
			throw new SSLException(reason);
		}
		return closed();
	}

	private boolean close(String reason) {
		boolean first = this.closed.compareAndSet(false, true);
		if (first) {
			try {
				ConnectionEnd.ENGINE.end(this.engine, reason);
			}
			catch (RuntimeException ex) {
				// nobody asks it any more
			}
		}
		return first;
	}

	private static SSLEngineResult closed() {
		return new SSLEngineResult(Status.CLOSED, HandshakeStatus.NOT_HANDSHAKING, 0, 0);
	}

	@Override
	public @Nullable Runnable getDelegatedTask() {
		return this.engine.getDelegatedTask();
	}

	@Override
	public HandshakeStatus getHandshakeStatus() {
		return this.closed.get() ? HandshakeStatus.NOT_HANDSHAKING : this.engine.getHandshakeStatus();
	}

	@Override
	public boolean isInboundDone() {
		return this.closed.get() || this.engine.isInboundDone();
	}

	@Override
	public boolean isOutboundDone() {
		return this.closed.get() || this.engine.isOutboundDone();
	}

	@Override
	public void closeInbound() throws SSLException {
		this.engine.closeInbound();
	}

	@Override
	public void closeOutbound() {
		this.engine.closeOutbound();
	}

	@Override
	public String getPeerHost() {
		return this.engine.getPeerHost();
	}

	@Override
	public int getPeerPort() {
		return this.engine.getPeerPort();
	}

	@Override
	public String[] getSupportedCipherSuites() {
		return this.engine.getSupportedCipherSuites();
	}

	@Override
	public String[] getEnabledCipherSuites() {
		return this.engine.getEnabledCipherSuites();
	}

	@Override
	public void setEnabledCipherSuites(String[] suites) {
		this.engine.setEnabledCipherSuites(suites);
	}

	@Override
	public String[] getSupportedProtocols() {
		return this.engine.getSupportedProtocols();
	}

	@Override
	public String[] getEnabledProtocols() {
		return this.engine.getEnabledProtocols();
	}

	@Override
	public void setEnabledProtocols(String[] protocols) {
		this.engine.setEnabledProtocols(protocols);
	}

	@Override
	public SSLSession getSession() {
		return this.engine.getSession();
	}

	@Override
	public @Nullable SSLSession getHandshakeSession() {
		return this.engine.getHandshakeSession();
	}

	@Override
	public void beginHandshake() throws SSLException {
		this.engine.beginHandshake();
	}

	@Override
	public void setUseClientMode(boolean mode) {
		this.engine.setUseClientMode(mode);
	}

	@Override
	public boolean getUseClientMode() {
		return this.engine.getUseClientMode();
	}

	@Override
	public void setNeedClientAuth(boolean need) {
		this.engine.setNeedClientAuth(need);
	}

	@Override
	public boolean getNeedClientAuth() {
		return this.engine.getNeedClientAuth();
	}

	@Override
	public void setWantClientAuth(boolean want) {
		this.engine.setWantClientAuth(want);
	}

	@Override
	public boolean getWantClientAuth() {
		return this.engine.getWantClientAuth();
	}

	@Override
	public void setEnableSessionCreation(boolean flag) {
		this.engine.setEnableSessionCreation(flag);
	}

	@Override
	public boolean getEnableSessionCreation() {
		return this.engine.getEnableSessionCreation();
	}

	@Override
	public SSLParameters getSSLParameters() {
		return this.engine.getSSLParameters();
	}

	@Override
	public void setSSLParameters(SSLParameters parameters) {
		this.engine.setSSLParameters(parameters);
	}

	@Override
	public @Nullable String getApplicationProtocol() {
		return this.engine.getApplicationProtocol();
	}

	@Override
	public @Nullable String getHandshakeApplicationProtocol() {
		return this.engine.getHandshakeApplicationProtocol();
	}

	@Override
	public void setHandshakeApplicationProtocolSelector(
			@Nullable BiFunction<SSLEngine, List<String>, String> selector) {
		this.engine.setHandshakeApplicationProtocolSelector(selector);
	}

	@Override
	public @Nullable BiFunction<SSLEngine, List<String>, String> getHandshakeApplicationProtocolSelector() {
		return this.engine.getHandshakeApplicationProtocolSelector();
	}

	static final class Signal implements ConnectionEnd {

		private volatile @Nullable String reason;

		@Nullable String reason() {
			return this.reason;
		}

		@Override
		public @Nullable Begun end(Object connection, String reason) {
			this.reason = reason;
			return null;
		}

	}

}
