package dev.psat.spiffe;

import java.security.cert.X509Certificate;
import java.util.List;

record IssuerPath(List<X509Certificate> certificates, X509Certificate authority) {

}
