package dev.psat.benchmarks.spire.tls;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.psat.benchmarks.Benchmark;
import dev.psat.benchmarks.Measured;
import dev.psat.benchmarks.Report;
import dev.psat.benchmarks.Sample;
import dev.psat.benchmarks.Table;
import dev.psat.benchmarks.Turns;
import dev.psat.benchmarks.Units;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.TrustDomain;
import dev.psat.spiffe.X509Authority;
import dev.psat.spiffe.X509Svid;
import dev.psat.support.CertificateWriter;
import dev.psat.support.CostlyChains;

/**
 * How much processor time it takes to verify chains whose certificates would keep PKIX
 * busy, and those that have all that they may have, beside an honest one.
 */
public final class ChainBenchmark implements Benchmark {

	/** A chain that is verified may cost so many times an honest one. */
	private static final double MOST = 10;

	private static final String NAME = "authority";

	private static final int CHAINS = 10;

	private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

	private final KeyPair keys = CertificateWriter.newKeys();

	private final TrustBundle bundle = TrustBundle.of(TrustDomain.of("example.org"),
			List.of(new X509Authority(new CertificateWriter().ca(null)
				.subject(NAME)
				.key(this.keys.getPublic())
				.signedBy(NAME, this.keys.getPrivate()), false)),
			List.of(), null, null);

	@Override
	public Report run(List<String> arguments) throws Exception {
		int batches = Plan.of(arguments).batches();
		Burden honest = new Burden("honest: no policies, no constraints", true, UnaryOperator.identity());
		Turns<Burden, Burden> turns = Turns.of(Stream.concat(Stream.of(honest), burdens()).toList())
			.shuffled(new Random(ThroughputRun.SEED));
		turns.measure(batches, this::measure);
		Measured<Burden, Double> measured = turns.measure(batches, this::measure);
		Table table = new Table("", "bytes", "answer", "processor time", "quartiles", "÷ honest");
		boolean failed = false;
		for (Burden burden : measured.names()) {
			Sample times = measured.sample(burden, (nanos) -> nanos);
			double ratio = measured.ratios(burden, honest, (nanos) -> nanos).median();
			table.row(burden.name(), Units.count(bytes(chain(burden))), burden.verified() ? "verified" : "refused",
					Units.time(times.median()), Units.quartiles(times), Units.number(ratio));
			failed |= ratio > MOST;
		}
		Report report = new Report("Chains that cost")
			.paragraph(
					"""
							The check of a chain of %d certificates on P-256 that nobody has seen before, by `TrustBundle.verify`. \
							Without [limits](../../docs/tls.md#chains), the first two of those that are refused would keep it busy until \
							memory ran out. Those that are verified have about as much in each certificate as it may have: the ratio must \
							not exceed %s. Medians and quartiles of %d batches, each with the mean of %d chains, in turns and in random \
							order.\
							"""
						.formatted(CostlyChains.LENGTH, Units.number(MOST), batches, CHAINS))
			.table(table);
		return failed ? report.failed() : report;
	}

	private static Stream<Burden> burdens() {
		return Stream.of(new Burden("12 policies, each mapped to each", false, CostlyChains::mappedPolicies),
				new Burden("one policy, 12 times", false, CostlyChains::repeatedPolicy),
				new Burden("150 permitted names, all but one different", false, CostlyChains::disjointNames),
				new Burden("32 policies, any of them included", true,
						(certificate) -> CostlyChains.policies(certificate, 32, ChainBenchmark::policy)),
				new Burden("5 policies, each mapped to each", true,
						(certificate) -> CostlyChains.mappedPolicies(certificate, 5)),
				new Burden("64 excluded names, and 250 names", true, ChainBenchmark::names));
	}

	private static String policy(int i) {
		return (i > 0) ? "1.2." + i : "2.5.29.32.0";
	}

	private static CertificateWriter names(CertificateWriter certificate) {
		String unique = Integer.toHexString(System.identityHashCode(certificate));
		for (int i = 0; i < 250; i++) {
			certificate.dnsName("y" + i);
		}
		return CostlyChains.excludedNames(certificate, 64, (i) -> "x%s-%d".formatted(unique, i));
	}

	private List<X509Certificate> chain(Burden burden) {
		return CostlyChains.below(NAME, this.keys.getPrivate(), "spiffe://example.org/ns/shop/sa/orders",
				burden.burden());
	}

	private static long bytes(List<X509Certificate> chain) throws CertificateEncodingException {
		long bytes = 0;
		for (X509Certificate certificate : chain) {
			bytes += certificate.getEncoded().length;
		}
		return bytes;
	}

	private double measure(Burden burden) {
		List<X509Svid> svids = new ArrayList<>();
		while (svids.size() < CHAINS) {
			svids.add(X509Svid.of(chain(burden), null));
		}
		Instant now = Instant.now();
		long begin = CPU.getCurrentThreadCpuTime();
		for (X509Svid svid : svids) {
			if (isVerified(svid, now) != burden.verified()) {
				throw new IllegalStateException(burden.verified() ? "A chain is refused" : "A chain is verified");
			}
		}
		return (double) (CPU.getCurrentThreadCpuTime() - begin) / svids.size();
	}

	private boolean isVerified(X509Svid svid, Instant now) {
		try {
			this.bundle.verify(svid, now);
			return true;
		}
		catch (CertificateException ex) {
			return false;
		}
	}

	/**
	 * What a certificate has.
	 *
	 * @param name what it is
	 * @param verified whether a chain of such certificates is
	 * @param burden adds it
	 */
	private record Burden(String name, boolean verified, UnaryOperator<CertificateWriter> burden) {

	}

}
