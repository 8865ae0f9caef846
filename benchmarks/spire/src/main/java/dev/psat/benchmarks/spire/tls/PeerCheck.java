package dev.psat.benchmarks.spire.tls;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

import javax.net.ssl.X509TrustManager;

import dev.psat.benchmarks.Sample;

import org.springframework.util.Assert;

/**
 * How much processor time a trust manager takes to let a client in, or to refuse a
 * stranger.
 */
final class PeerCheck {

	private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

	private static final int BATCH = 200;

	private static final int STRANGERS = 50;

	private static final String KEY_TYPE = "EC";

	private final List<Double> unseen = new ArrayList<>();

	private final List<Double> seen = new ArrayList<>();

	private final List<Double> strange = new ArrayList<>();

	private final String name;

	private final X509TrustManager trustManager;

	PeerCheck(String name, X509TrustManager trustManager) {
		this.name = name;
		this.trustManager = trustManager;
	}

	/**
	 * Check clients that nobody has seen yet, then one of them again and again, then
	 * strangers, and keep the means.
	 * @param certificates where clients come from
	 * @param strangers where strangers come from
	 * @throws CertificateException if a client is refused
	 */
	void measure(PeerCertificates certificates, Strangers strangers) throws CertificateException {
		List<X509Certificate[]> clients = certificates.next(BATCH);
		this.unseen.add(mean(clients));
		this.seen.add(mean(Collections.nCopies(BATCH, clients.get(0))));
		this.strange.add(meanOfRefusals(strangers.next(STRANGERS)));
	}

	private double meanOfRefusals(List<X509Certificate[]> strangers) {
		long begin = CPU.getCurrentThreadCpuTime();
		strangers.forEach(this::refuse);
		return (double) (CPU.getCurrentThreadCpuTime() - begin) / strangers.size();
	}

	private void refuse(X509Certificate[] stranger) {
		try {
			this.trustManager.checkClientTrusted(stranger, KEY_TYPE);
		}
		catch (CertificateException ex) {
			return;
		}
		throw new IllegalStateException(this.name + " lets strangers in");
	}

	private double mean(List<X509Certificate[]> clients) throws CertificateException {
		long begin = CPU.getCurrentThreadCpuTime();
		for (X509Certificate[] client : clients) {
			this.trustManager.checkClientTrusted(client, KEY_TYPE);
		}
		return (double) (CPU.getCurrentThreadCpuTime() - begin) / clients.size();
	}

	void forgetWarmUp() {
		this.unseen.clear();
		this.seen.clear();
		this.strange.clear();
	}

	Sample unseen() {
		return Sample.of(this.unseen);
	}

	Sample seen() {
		return Sample.of(this.seen);
	}

	Sample strange() {
		return Sample.of(this.strange);
	}

	/**
	 * Return how often a stranger takes this one what a client takes another one, batch
	 * by batch.
	 * @param other the other one, which has taken turns with this one
	 * @return the ratios, with clients that nobody has seen yet
	 */
	Sample strangePerUnseen(PeerCheck other) {
		return ratios(this.strange, other.unseen);
	}

	/**
	 * Return how much more this one takes than another one, batch by batch.
	 * @param other the other one, which has taken turns with this one
	 * @return the differences for clients that nobody has seen yet
	 */
	Sample unseenMoreThan(PeerCheck other) {
		return differences(this.unseen, other.unseen);
	}

	/**
	 * Return how much more this one takes than another one, batch by batch.
	 * @param other the other one, which has taken turns with this one
	 * @return the differences for a client that was seen before
	 */
	Sample seenMoreThan(PeerCheck other) {
		return differences(this.seen, other.seen);
	}

	static Sample differences(List<Double> these, List<Double> others) {
		return each(these, others, (one, other) -> one - other);
	}

	static Sample ratios(List<Double> these, List<Double> others) {
		return each(these, others, (one, other) -> one / other);
	}

	private static Sample each(List<Double> these, List<Double> others, DoubleBinaryOperator operator) {
		Assert.isTrue(these.size() == others.size(), "They have not taken turns");
		return Sample.of(IntStream.range(0, these.size())
			.mapToObj((i) -> operator.applyAsDouble(these.get(i), others.get(i)))
			.toList());
	}

	@Override
	public String toString() {
		return this.name;
	}

}
