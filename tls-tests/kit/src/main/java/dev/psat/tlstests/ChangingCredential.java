package dev.psat.tlstests;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

import dev.psat.support.AnyCertificate;

/**
 * The credential of a peer that renews it, and presents the newest on each new
 * connection.
 */
public final class ChangingCredential extends X509ExtendedKeyManager {

	private volatile Credential current;

	public ChangingCredential(Credential first) {
		this.current = first;
	}

	void change(Credential next) {
		this.current = next;
	}

	/**
	 * Return a context that trusts any server.
	 * @return the context
	 */
	public SSLContext sslContext() {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(new KeyManager[] { this }, new TrustManager[] { new AnyCertificate() }, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public String chooseEngineClientAlias(String[] keyType, Principal[] issuers, SSLEngine engine) {
		return alias();
	}

	@Override
	public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
		return alias();
	}

	private String alias() {
		return this.current.leaf().getSerialNumber().toString();
	}

	@Override
	public X509Certificate[] getCertificateChain(String alias) {
		return this.current.chain().toArray(X509Certificate[]::new);
	}

	@Override
	public PrivateKey getPrivateKey(String alias) {
		return this.current.privateKey();
	}

	@Override
	public String[] getClientAliases(String keyType, Principal[] issuers) {
		return new String[] { alias() };
	}

	@Override
	public String[] getServerAliases(String keyType, Principal[] issuers) {
		throw new UnsupportedOperationException();
	}

	@Override
	public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
		throw new UnsupportedOperationException();
	}

}
