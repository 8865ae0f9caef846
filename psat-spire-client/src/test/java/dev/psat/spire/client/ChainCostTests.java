package dev.psat.spire.client;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.psat.spiffe.ObservedCertificate;
import dev.psat.spiffe.TestAuthority;
import dev.psat.spiffe.TrustBundle;
import dev.psat.spiffe.X509Svid;
import dev.psat.support.CertificateWriter;
import dev.psat.support.CostlyChains;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/**
 * Tests for what a peer's certificates cost in the search for a path: which keys verify
 * them, and how often.
 */
class ChainCostTests {

	/** As many as a server of the JDK accepts. */
	private static final int LENGTH = 8;

	private static final TestAuthority ROOT = TestAuthority.root("root");

	private static final String RSA = "1.2.840.113549.1.1.11";

	private static final String DEAR = "has an invalid chain: an intermediate has a key other than";

	private final List<PublicKey> used = new ArrayList<>();

	static Stream<Named<Supplier<List<X509Certificate>>>> chainsOfAStranger() {
		TestAuthority namesake = TestAuthority.root("root");
		TestAuthority first = ROOT.intermediate("first");
		return Stream.of(Named.of("forged leaf", () -> List.of(namesake.leaf())),
				Named.of("all have the name of the authority",
						() -> chain(namesake.leaf(), (i) -> namesake.intermediate("root").certificate())),
				Named.of("all are signed by the dearest keys", ChainCostTests::dearChain),
				Named.of("a line that ends at the name of the authority", () -> line(namesake)),
				Named.of("each may have signed each", () -> web(namesake)),
				Named.of("and the authority itself", () -> chain(namesake.leaf(), (i) -> renewed(ROOT))),
				Named.of("and an intermediate of the authority, which has not signed the leaf",
						() -> chain(TestAuthority.root("first").leaf(),
								(i) -> (i == 1) ? first.certificate() : namesake.intermediate("first").certificate())));
	}

	@ParameterizedTest
	@MethodSource("chainsOfAStranger")
	void strangersKeysVerifyNothingAndTheAuthoritysKeyVerifiesOneCertificate(Supplier<List<X509Certificate>> chain) {
		List<X509Certificate> certificates = chain.get();
		assertRefused(certificates, ROOT.bundle(), "");
		assertThat(this.used).containsExactly(ROOT.keys().getPublic());
	}

	@Test
	void costlyExtensionsOfTheSpireServersCertificatesAreRefusedBeforePkixReadsThem() {
		ServerVerifier verifier = ServerVerifier.of(TestAuthority.TRUST_DOMAIN, ROOT::bundle, Clock.systemUTC());
		for (UnaryOperator<CertificateWriter> burden : List.<UnaryOperator<CertificateWriter>>of(
				CostlyChains::mappedPolicies, CostlyChains::repeatedPolicy, CostlyChains::disjointNames)) {
			List<X509Certificate> chain = CostlyChains.below("root", ROOT.keys().getPrivate(),
					"spiffe://example.org/spire/server", burden);
			assertTimeoutPreemptively(CostlyChains.ENDLESS,
					() -> assertThatExceptionOfType(ServerVerifier.RejectedException.class)
						.isThrownBy(() -> verifier.verify(chain))
						.withMessageMatching(".* has (more than|a policy twice).*"));
		}
	}

	@ParameterizedTest
	@MethodSource("chainsOfAStranger")
	void neitherDoThoseOfAStrangerInPlaceOfTheSpireServer(Supplier<List<X509Certificate>> chain) {
		ServerVerifier verifier = ServerVerifier.of(TestAuthority.TRUST_DOMAIN, ROOT::bundle,
				Clock.fixed(TestAuthority.NOW, ZoneOffset.UTC));
		List<X509Certificate> certificates = new ArrayList<>(chain.get());
		certificates.set(0,
				TestAuthority.root(certificates.get(0).getIssuerX500Principal().getName().substring("CN=".length()))
					.sign(TestAuthority.unsigned().uri("spiffe://example.org/spire/server")));
		assertThatExceptionOfType(ServerVerifier.RejectedException.class)
			.isThrownBy(() -> verifier.verify(ObservedCertificate.all(certificates, this.used)))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(FailureReason.SERVER_NOT_TRUSTED));
		assertThat(this.used).containsExactly(ROOT.keys().getPublic());
	}

	@Test
	void eachCertificateOfAnHonestPeerIsVerifiedOnceInWhateverOrder() throws Exception {
		List<TestAuthority> line = new ArrayList<>(List.of(ROOT));
		while (line.size() < LENGTH) {
			line.add(line.get(line.size() - 1).intermediate("intermediate " + line.size()));
		}
		List<X509Certificate> chain = new ArrayList<>(line.stream().skip(1).map(TestAuthority::certificate).toList());
		for (int i = 0; i < 20; i++) {
			Collections.shuffle(chain, new Random(i));
			chain.add(0, line.get(LENGTH - 1).leaf());
			this.used.clear();
			verify(chain, ROOT.bundle());
			assertThat(this.used)
				.containsExactlyElementsOf(line.stream().map((authority) -> authority.keys().getPublic()).toList());
			chain.remove(0);
		}
	}

	@Test
	void eachCertificateOfAChainInOrderIsVerifiedOnceEvenIfAllHaveTheSameName() throws Exception {
		TestAuthority last = ROOT;
		List<X509Certificate> chain = new ArrayList<>();
		for (int i = 1; i < LENGTH; i++) {
			last = last.intermediate("root");
			chain.add(0, last.certificate());
		}
		chain.add(0, last.leaf());
		verify(chain, ROOT.bundle());
		assertThat(this.used).hasSize(LENGTH);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4, 7 })
	void knownIntermediatesAllowAStrangerLessThanTwiceOfWhatAPeerBelowThemTakes(int count) {
		TestAuthority namesake = TestAuthority.root("root");
		List<TestAuthority> known = Stream.generate(() -> ROOT.intermediate("root")).limit(count).toList();
		for (int rotation = 0; rotation < LENGTH - 1; rotation++) {
			List<X509Certificate> chain = new ArrayList<>(chain(namesake.leaf(), (i) -> (i <= count)
					? known.get(i - 1).certificate() : namesake.intermediate("root").certificate()));
			Collections.rotate(chain.subList(1, LENGTH), rotation);
			this.used.clear();
			assertRefused(chain, ROOT.bundle(), "too many of its signatures do not hold");
			assertThat(this.used).hasSizeLessThan(2 * (count + 1));
		}
	}

	@Test
	void authoritiesOfOneNameAreAllTriedAndCountAsOne() throws Exception {
		List<X509Certificate> namesakes = new ArrayList<>();
		for (int i = 0; i < 30; i++) {
			namesakes.add(TestAuthority.root("root").certificate());
		}
		namesakes.add(ROOT.certificate());
		TrustBundle bundle = TestAuthority.bundle(namesakes.toArray(X509Certificate[]::new));
		TestAuthority first = ROOT.intermediate("first");
		verify(List.of(ROOT.leaf()), bundle);
		assertThat(this.used).hasSize(31);
		verify(List.of(first.leaf(), first.certificate(), ROOT.certificate()), bundle);
		verify(List.of(first.leaf(), first.certificate(), namesakes.get(0)), bundle);
		this.used.clear();
		assertRefused(dearChain(), bundle, "");
		assertThat(this.used).hasSize(31);
	}

	@Test
	void certificateOfAnotherRootBeforeTheRightOneIsPassedOver() throws Exception {
		for (String name : List.of("old root", "root")) {
			TestAuthority old = TestAuthority.root(name);
			TestAuthority second = ROOT.intermediate("second");
			TestAuthority first = second.intermediate("first");
			X509Certificate crossSigned = old
				.sign(TestAuthority.unsigned().ca(null).subject("first").key(first.keys().getPublic()));
			List<X509Certificate> intermediates = new ArrayList<>(
					List.of(crossSigned, first.certificate(), second.certificate()));
			for (int i = 0; i < intermediates.size(); i++) {
				List<X509Certificate> chain = new ArrayList<>(List.of(first.leaf()));
				chain.addAll(intermediates);
				verify(chain, ROOT.bundle());
				verify(chain, TestAuthority.bundle(old.certificate(), ROOT.certificate()));
				Collections.rotate(intermediates, 1);
			}
		}
	}

	@Test
	void selfSignedCertificateOfAnotherRootOfTheSameNameIsPassedOver() throws Exception {
		X509Certificate other = TestAuthority.root("root").certificate();
		TestAuthority first = ROOT.intermediate("first");
		verify(List.of(first.leaf(), first.certificate(), other), ROOT.bundle());
		verify(List.of(first.leaf(), other, first.certificate()), ROOT.bundle());
		assertThat(this.used).hasSize(4);
	}

	@Test
	void authorityMayHaveChangedItsKey() throws Exception {
		TestAuthority next = TestAuthority.root("root");
		X509Certificate nextByRoot = ROOT
			.sign(TestAuthority.unsigned().ca(null).subject("root").key(next.keys().getPublic()));
		for (List<X509Certificate> chain : List.of(List.of(next.leaf(), nextByRoot),
				List.of(next.leaf(), nextByRoot, next.certificate()))) {
			verify(chain, next.bundle());
			verify(chain, TestAuthority.bundle(ROOT.certificate(), next.certificate()));
			verify(chain, TestAuthority.bundle(next.certificate(), ROOT.certificate()));
		}
		verify(List.of(next.leaf(), nextByRoot), ROOT.bundle());
		verify(List.of(next.leaf(), nextByRoot, ROOT.certificate()), ROOT.bundle());
	}

	@Test
	void issuerWhosePathIsTooShortIsPassedOver() throws Exception {
		TestAuthority outer = ROOT.intermediate("outer", TestAuthority.unsigned().ca(0));
		X509Certificate longer = ROOT
			.sign(TestAuthority.unsigned().ca(1).subject("outer").key(outer.keys().getPublic()));
		TestAuthority inner = outer.intermediate("inner");
		List<X509Certificate> chain = new ArrayList<>(
				List.of(inner.leaf(), inner.certificate(), outer.certificate(), longer));
		verify(chain, ROOT.bundle());
		Collections.rotate(chain.subList(1, 4), 1);
		verify(chain, ROOT.bundle());
		Collections.swap(chain, 1, 3);
		verify(chain, ROOT.bundle());
	}

	@Test
	void atMostTenCertificatesMayBelongToTheChain() throws Exception {
		TestAuthority first = ROOT.intermediate("first");
		List<X509Certificate> chain = new ArrayList<>(List.of(first.leaf(), first.certificate()));
		while (chain.size() < 10) {
			chain.add(ROOT.intermediate("first").certificate());
		}
		Collections.rotate(chain.subList(1, 10), -1);
		chain.add(first.certificate());
		chain.add(TestAuthority.root("other").certificate());
		verify(chain, ROOT.bundle());
		chain.add(ROOT.intermediate("first").certificate());
		this.used.clear();
		assertRefused(chain, ROOT.bundle(), "has an invalid chain: it has more than 10 certificates");
		assertThat(this.used).isEmpty();
	}

	@Test
	void largestKeysOfAnIntermediateAreRsaOf4096BitsAndP521() throws Exception {
		assertThat(intermediate(rsa(4096), "SHA256withRSA", RSA)).isEmpty();
		assertThat(
				intermediate(keys("EC", new ECGenParameterSpec("secp521r1")), "SHA512withECDSA", "1.2.840.10045.4.3.4"))
			.isEmpty();
		assertThat(intermediate(keys("EdDSA", NamedParameterSpec.ED25519), "Ed25519", "1.3.101.112")).isEmpty();
		KeyPair dsa = KeyPairGenerator.getInstance("DSA").generateKeyPair();
		assertThat(intermediate(dsa, "SHA256withDSA", "2.16.840.1.101.3.4.3.2")).contains(DEAR);
	}

	private static KeyPair keys(String algorithm, AlgorithmParameterSpec parameters) throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
		generator.initialize(parameters);
		return generator.generateKeyPair();
	}

	private String intermediate(KeyPair keys, String algorithm, String identifier) {
		X509Certificate intermediate = ROOT.sign(TestAuthority.unsigned().ca(null).subject("i").key(keys.getPublic()));
		X509Certificate leaf = TestAuthority.unsigned()
			.uri(TestAuthority.ORDERS)
			.signedBy("i", keys.getPrivate(), algorithm, identifier);
		try {
			verify(List.of(leaf, intermediate), ROOT.bundle());
			return "";
		}
		catch (CertificateException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	@Test
	void dearKeyVerifiesNothingEvenIfAnAuthorityVouchesForIt() throws Exception {
		KeyPair dear = dear(1024);
		X509Certificate leaf = TestAuthority.unsigned()
			.uri(TestAuthority.ORDERS)
			.signedBy("dear", dear.getPrivate(), "SHA256withRSA", RSA);
		for (PublicKey key : List.of(dear.getPublic(), rsa(4097, 65537), rsa(2048, 1L << 32))) {
			X509Certificate intermediate = ROOT.sign(TestAuthority.unsigned().ca(null).subject("dear").key(key));
			this.used.clear();
			assertRefused(List.of(leaf, intermediate), ROOT.bundle(), DEAR);
			assertThat(this.used).isEmpty();
		}
	}

	@Test
	void keyOfALeafIsBoundedAlike() throws Exception {
		verify(List.of(ROOT.sign(leaf(rsa(4096, 65537)))), ROOT.bundle());
		verify(List.of(ROOT.sign(leaf(rsa(2048, (1L << 32) - 1)))), ROOT.bundle());
		for (PublicKey key : List.of(dear(1024).getPublic(), rsa(4097, 65537), rsa(2048, 1L << 32))) {
			assertRefused(List.of(ROOT.sign(leaf(key))), ROOT.bundle(), "has a key other than");
		}
	}

	@Test
	void keyOfAnAuthorityIsWhateverTheTrustBundleSays() throws Exception {
		KeyPair dear = dear(1024);
		X509Certificate authority = TestAuthority.unsigned()
			.ca(null)
			.subject("dear")
			.key(dear.getPublic())
			.signedBy("dear", dear.getPrivate(), "SHA256withRSA", RSA);
		X509Certificate leaf = TestAuthority.unsigned()
			.uri(TestAuthority.ORDERS)
			.signedBy("dear", dear.getPrivate(), "SHA256withRSA", RSA);
		verify(List.of(leaf), TestAuthority.bundle(authority));
	}

	private static CertificateWriter leaf(PublicKey key) {
		return TestAuthority.unsigned().uri(TestAuthority.ORDERS).key(key);
	}

	private void verify(List<X509Certificate> chain, TrustBundle bundle) throws CertificateException {
		bundle.verify(peer(ObservedCertificate.all(chain, this.used)), TestAuthority.NOW);
	}

	private static X509Svid peer(List<X509Certificate> chain) throws CertificateException {
		try {
			return X509Svid.of(chain, null);
		}
		catch (IllegalArgumentException ex) {
			throw new CertificateException(ex.getMessage(), ex);
		}
	}

	private void assertRefused(List<X509Certificate> chain, TrustBundle bundle, String problem) {
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> verify(chain, bundle))
			.withMessageStartingWith("The X.509-SVID of " + TestAuthority.ORDERS)
			.withMessageContaining(problem);
	}

	private static List<X509Certificate> chain(X509Certificate leaf, IntFunction<X509Certificate> intermediate) {
		return Stream.concat(Stream.of(leaf), IntStream.range(1, LENGTH).mapToObj(intermediate)).toList();
	}

	private static X509Certificate renewed(TestAuthority authority) {
		return authority
			.sign(TestAuthority.unsigned().ca(null).subject(authority.name()).key(authority.keys().getPublic()));
	}

	private static List<X509Certificate> dearChain() {
		KeyPair dear = dear(3072);
		return chain(
				TestAuthority.unsigned()
					.uri(TestAuthority.ORDERS)
					.signedBy("root", dear.getPrivate(), "SHA256withRSA", RSA),
				(i) -> TestAuthority.unsigned()
					.ca(null)
					.subject("root")
					.key(dear.getPublic())
					.signedBy("root", dear.getPrivate(), "SHA256withRSA", RSA));
	}

	private static List<X509Certificate> line(TestAuthority namesake) {
		List<X509Certificate> line = new ArrayList<>();
		TestAuthority last = namesake;
		for (int i = 1; i < LENGTH; i++) {
			last = last.intermediate("intermediate " + i);
			line.add(0, last.certificate());
		}
		line.add(0, last.leaf());
		return line;
	}

	private static List<X509Certificate> web(TestAuthority namesake) {
		TestAuthority other = TestAuthority.root("other");
		return chain(other.leaf(), (i) -> ((i % 2 == 0) ? namesake : other).intermediate("other").certificate());
	}

	/** Cheap to sign with, and as dear to verify with as the JDK allows. */
	private static KeyPair dear(int bits) {
		BigInteger[] numbers = numbers(bits);
		return new KeyPair(rsa(numbers[0], numbers[2]), privateRsa(numbers[0], numbers[1]));
	}

	private static KeyPair rsa(int bits) {
		BigInteger[] numbers = numbers(bits);
		return new KeyPair(rsa(numbers[0], numbers[1]), privateRsa(numbers[0], numbers[2]));
	}

	/** Of many small primes, since large ones take long to find. */
	private static BigInteger[] numbers(int bits) {
		Random random = new Random(bits);
		BigInteger exponent = RSAKeyGenParameterSpec.F4;
		BigInteger modulus = BigInteger.ONE;
		BigInteger totient = BigInteger.ONE;
		while (modulus.bitLength() < bits) {
			BigInteger prime = BigInteger.probablePrime(Math.min(256, bits + 1 - modulus.bitLength()), random);
			BigInteger less = prime.subtract(BigInteger.ONE);
			if (modulus.multiply(prime).bitLength() <= bits && less.gcd(exponent).equals(BigInteger.ONE)) {
				modulus = modulus.multiply(prime);
				totient = totient.multiply(less);
			}
		}
		return new BigInteger[] { modulus, exponent, exponent.modInverse(totient) };
	}

	private static PublicKey rsa(int bits, long exponent) {
		return rsa(BigInteger.ONE.shiftLeft(bits - 1).setBit(0), BigInteger.valueOf(exponent).setBit(0));
	}

	private static PublicKey rsa(BigInteger modulus, BigInteger exponent) {
		try {
			return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static PrivateKey privateRsa(BigInteger modulus, BigInteger exponent) {
		try {
			return KeyFactory.getInstance("RSA").generatePrivate(new RSAPrivateKeySpec(modulus, exponent));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
