//! How weights begin: the schemes by which networks are drawn before training.
//!
//! fan_in is the number of inputs of a layer, fan_out the number of its units; of a convolution `in / groups · kh · kw` and
//! `out · kh · kw`, as PyTorch and Keras count. What a seed gives is the same on
//! every machine and in every release: the [generator](Random) is ChaCha8, what is made of its bits is written
//! here, and a test holds a drawn network to its digits.
//!
//! | scheme | w_ij | source |
//! |---|---|---|
//! | `zeros` | 0 | |
//! | `constant:v` | v | |
//! | `uniform:a,b` | U(a, b) | |
//! | `normal:μ,σ` | N(μ, σ²) | |
//! | `truncated-normal:μ,σ` | N(μ, σ²) within μ ± 2σ | |
//! | `lecun-uniform`, `lecun-normal` | variance 1 / fan_in | LeCun et al. (1998) |
//! | `glorot-uniform`, `glorot-normal` (`xavier-…`) | variance 2 / (fan_in + fan_out) | Glorot & Bengio (2010) |
//! | `he-uniform`, `he-normal` (`kaiming-…`) | variance 2 / fan_in | He et al. (2015) |
//! | `orthogonal` | orthonormal columns, or rows | Saxe et al. (2014), Stewart (1980) |
//! | `sparse:p,σ` | 0 for a part p of each unit's inputs, N(0, σ²) for the others | Martens (2010) |
//! | `identity` | 1 where i = j | Le, Jaitly & Hinton (2015) |
//! | `pytorch` | U(±1/√fan_in), biases too | `torch.nn.Linear` |

mod architecture;
mod bias;
mod draw;
mod family;
mod options;
mod orthogonal;
mod piece;
mod quantile;
mod random;
mod scheme;

pub use architecture::{Architecture, layers_of};
pub use bias::Bias;
pub use draw::randomised;
pub use family::Family;
pub use random::Random;
pub use scheme::Scheme;
