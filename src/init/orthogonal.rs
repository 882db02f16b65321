//! Random orthogonal matrices, each as likely as another (Haar).
//!
//! Stewart, *The Efficient Generation of Random Orthogonal Matrices* (SIAM J. Numer. Anal. 17, 1980): the factor Q
//! of a matrix of normal numbers is a product of reflections, and their vectors can be drawn outright, without the
//! matrix. The sums are taken in one fixed order, so that a seed gives the same digits on every machine.

use ndarray::Array2;

use super::random::Random;

/// `rows` orthonormal vectors of `length` numbers, as the rows of a matrix; `rows` ≤ `length`.
pub fn orthonormal_rows(rows: usize, length: usize, random: &mut Random) -> Array2<f64> {
    let reflections: Vec<Reflection> = (0..rows)
        .map(|k| Reflection::draw(length - k, random))
        .collect();
    let mut q = Array2::from_shape_fn((rows, length), |(i, j)| f64::from(u8::from(i == j)));
    for (k, reflection) in reflections.iter().enumerate().rev() {
        for mut row in q.rows_mut().into_iter().skip(k) {
            let row = row
                .as_slice_mut()
                .expect("the rows of a matrix lie in one piece");
            reflection.reflect(&mut row[k..]);
        }
    }
    for (mut row, reflection) in q.rows_mut().into_iter().zip(&reflections) {
        row *= reflection.sign;
    }
    q
}

/// The reflection that takes a random vector x to a multiple of the first axis.
struct Reflection {
    /// `u = x + sgn(x_1) ‖x‖ e_1`
    u: Vec<f64>,
    /// `2 / ‖u‖²`
    factor: f64,
    /// −sgn(x_1): where x is taken to, up to its length.
    sign: f64,
}

impl Reflection {
    fn draw(length: usize, random: &mut Random) -> Self {
        let mut u: Vec<f64> = (0..length).map(|_| random.normal()).collect();
        let sign = -u[0].signum();
        u[0] -= sign * dot(&u, &u).sqrt();
        let factor = 2.0 / dot(&u, &u);
        Self { u, factor, sign }
    }

    /// `y − 2 u (u·y) / ‖u‖²`, in place of y.
    fn reflect(&self, y: &mut [f64]) {
        let along = self.factor * dot(&self.u, y);
        for (y, u) in y.iter_mut().zip(&self.u) {
            *y -= along * u;
        }
    }
}

/// `Σ a_i b_i` in eight sums at once, always the same eight.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest: f64 = a_chunks
        .remainder()
        .iter()
        .zip(b_chunks.remainder())
        .map(|(a, b)| a * b)
        .sum();
    for (a, b) in a_chunks.zip(b_chunks) {
        for lane in 0..LANES {
            sums[lane] += a[lane] * b[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}
