package dev.psat.benchmarks.spire.attest;

import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

import com.google.protobuf.Message;
import dev.psat.spire.client.ServerAddress;
import org.jspecify.annotations.Nullable;

/**
 * What calls travel on.
 */
interface Transport {

	/**
	 * Return what it is called in a table.
	 * @return the name
	 */
	String name();

	/**
	 * Prepare a connection, by TLS 1.3 and without the session of another one.
	 * @param server where to connect to
	 * @param trust accepts the server or not
	 * @param key the client certificate, {@code null} for none
	 * @return the connection, which is made when it is first used
	 * @throws Exception if there cannot be one
	 */
	Connection open(ServerAddress server, X509ExtendedTrustManager trust, @Nullable X509ExtendedKeyManager key)
			throws Exception;

	/**
	 * A connection.
	 */
	interface Connection extends AutoCloseable {

		/**
		 * Call a method, and wait for the answer.
		 * @param <Q> type of the request
		 * @param <A> type of the answer
		 * @param call the method
		 * @param request the request
		 * @return the answer
		 * @throws Exception if there is none
		 */
		<Q extends Message, A extends Message> A call(Call<Q, A> call, Q request) throws Exception;

	}

}
