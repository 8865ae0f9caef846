package dev.psat.spiffe;

import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Principal;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;

import javax.security.auth.x500.X500Principal;

import org.jspecify.annotations.Nullable;

/**
 * A certificate that tells which keys are to verify it, whatever provider then does it.
 * It does not repeat itself, since the JDK remembers the last one.
 */
public final class ObservedCertificate extends X509Certificate {

	private final X509Certificate certificate;

	private final transient List<PublicKey> keys;

	private transient @Nullable PublicKey last;

	private ObservedCertificate(X509Certificate certificate, List<PublicKey> keys) {
		this.certificate = certificate;
		this.keys = keys;
	}

	/**
	 * Observe certificates.
	 * @param certificates the certificates
	 * @param keys receives the key of each verification
	 * @return the certificates to verify in place of those
	 */
	public static List<X509Certificate> all(List<X509Certificate> certificates, List<PublicKey> keys) {
		return certificates.stream().<X509Certificate>map((each) -> new ObservedCertificate(each, keys)).toList();
	}

	@Override
	public void verify(PublicKey key) throws CertificateException, NoSuchAlgorithmException, InvalidKeyException,
			NoSuchProviderException, SignatureException {
		tell(key);
		this.certificate.verify(key);
	}

	@Override
	public void verify(PublicKey key, String provider) throws CertificateException, NoSuchAlgorithmException,
			InvalidKeyException, NoSuchProviderException, SignatureException {
		tell(key);
		this.certificate.verify(key, provider);
	}

	private void tell(PublicKey key) {
		if (!key.equals(this.last)) {
			this.keys.add(key);
			this.last = key;
		}
	}

	@Override
	public void checkValidity() throws CertificateExpiredException, CertificateNotYetValidException {
		this.certificate.checkValidity();
	}

	@Override
	public void checkValidity(Date date) throws CertificateExpiredException, CertificateNotYetValidException {
		this.certificate.checkValidity(date);
	}

	@Override
	public int getVersion() {
		return this.certificate.getVersion();
	}

	@Override
	public BigInteger getSerialNumber() {
		return this.certificate.getSerialNumber();
	}

	@Override
	@Deprecated
	public Principal getIssuerDN() {
		return this.certificate.getIssuerDN();
	}

	@Override
	@Deprecated
	public Principal getSubjectDN() {
		return this.certificate.getSubjectDN();
	}

	@Override
	public X500Principal getIssuerX500Principal() {
		return this.certificate.getIssuerX500Principal();
	}

	@Override
	public X500Principal getSubjectX500Principal() {
		return this.certificate.getSubjectX500Principal();
	}

	@Override
	public Date getNotBefore() {
		return this.certificate.getNotBefore();
	}

	@Override
	public Date getNotAfter() {
		return this.certificate.getNotAfter();
	}

	@Override
	public byte[] getTBSCertificate() throws CertificateEncodingException {
		return this.certificate.getTBSCertificate();
	}

	@Override
	public byte[] getSignature() {
		return this.certificate.getSignature();
	}

	@Override
	public String getSigAlgName() {
		return this.certificate.getSigAlgName();
	}

	@Override
	public String getSigAlgOID() {
		return this.certificate.getSigAlgOID();
	}

	@Override
	public byte @Nullable [] getSigAlgParams() {
		return this.certificate.getSigAlgParams();
	}

	@Override
	public boolean @Nullable [] getIssuerUniqueID() {
		return this.certificate.getIssuerUniqueID();
	}

	@Override
	public boolean @Nullable [] getSubjectUniqueID() {
		return this.certificate.getSubjectUniqueID();
	}

	@Override
	public boolean @Nullable [] getKeyUsage() {
		return this.certificate.getKeyUsage();
	}

	@Override
	public int getBasicConstraints() {
		return this.certificate.getBasicConstraints();
	}

	@Override
	public @Nullable Collection<List<?>> getSubjectAlternativeNames() throws CertificateParsingException {
		return this.certificate.getSubjectAlternativeNames();
	}

	@Override
	public PublicKey getPublicKey() {
		return this.certificate.getPublicKey();
	}

	@Override
	public byte[] getEncoded() throws CertificateEncodingException {
		return this.certificate.getEncoded();
	}

	@Override
	public boolean hasUnsupportedCriticalExtension() {
		return this.certificate.hasUnsupportedCriticalExtension();
	}

	@Override
	public @Nullable Set<String> getCriticalExtensionOIDs() {
		return this.certificate.getCriticalExtensionOIDs();
	}

	@Override
	public @Nullable Set<String> getNonCriticalExtensionOIDs() {
		return this.certificate.getNonCriticalExtensionOIDs();
	}

	@Override
	public byte @Nullable [] getExtensionValue(String oid) {
		return this.certificate.getExtensionValue(oid);
	}

	@Override
	public String toString() {
		return this.certificate.toString();
	}

}
