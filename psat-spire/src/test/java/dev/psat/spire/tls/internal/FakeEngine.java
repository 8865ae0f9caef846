package dev.psat.spire.tls.internal;

import java.nio.ByteBuffer;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

/**
 * An engine of another library, of which only its end matters.
 */
final class FakeEngine extends SSLEngine {

	private volatile @Nullable RuntimeException failure;

	private volatile boolean inboundDone;

	private volatile boolean outboundDone;

	/**
	 * Let it fail to close.
	 */
	void failWith(@Nullable RuntimeException failure) {
		this.failure = failure;
	}

	/**
	 * Close it as its server would.
	 */
	void close() {
		this.outboundDone = true;
		this.inboundDone = true;
	}

	boolean isEnded() {
		return this.inboundDone && this.outboundDone;
	}

	boolean isTouched() {
		return this.inboundDone || this.outboundDone;
	}

	@Override
	public void closeInbound() throws SSLException {
		fail();
		this.inboundDone = true;
		throw new SSLException("The peer has not taken its leave");
	}

	@Override
	public void closeOutbound() {
		fail();
		this.outboundDone = true;
	}

	private void fail() {
		RuntimeException failure = this.failure;
		if (failure != null) {
			throw failure;
		}
	}

	@Override
	public boolean isInboundDone() {
		return this.inboundDone;
	}

	@Override
	public boolean isOutboundDone() {
		return this.outboundDone;
	}

	@Override
	public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer destination) {
		throw new UnsupportedOperationException();
	}

	@Override
	public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] destinations, int offset, int length) {
		throw new UnsupportedOperationException();
	}

	@Override
	public @Nullable Runnable getDelegatedTask() {
		return null;
	}

	@Override
	public String[] getSupportedCipherSuites() {
		return new String[0];
	}

	@Override
	public String[] getEnabledCipherSuites() {
		return new String[0];
	}

	@Override
	public void setEnabledCipherSuites(String[] suites) {
	}

	@Override
	public String[] getSupportedProtocols() {
		return new String[0];
	}

	@Override
	public String[] getEnabledProtocols() {
		return new String[0];
	}

	@Override
	public void setEnabledProtocols(String[] protocols) {
	}

	@Override
	public SSLSession getSession() {
		throw new UnsupportedOperationException();
	}

	@Override
	public void beginHandshake() {
	}

	@Override
	public HandshakeStatus getHandshakeStatus() {
		return HandshakeStatus.NOT_HANDSHAKING;
	}

	@Override
	public void setUseClientMode(boolean mode) {
	}

	@Override
	public boolean getUseClientMode() {
		return false;
	}

	@Override
	public void setNeedClientAuth(boolean need) {
	}

	@Override
	public boolean getNeedClientAuth() {
		return true;
	}

	@Override
	public void setWantClientAuth(boolean want) {
	}

	@Override
	public boolean getWantClientAuth() {
		return false;
	}

	@Override
	public void setEnableSessionCreation(boolean flag) {
	}

	@Override
	public boolean getEnableSessionCreation() {
		return true;
	}

}
