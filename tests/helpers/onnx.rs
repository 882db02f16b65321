//! A writer of small ONNX models: protobuf messages made by hand.

/// A model while it is made.
#[derive(Clone, Default)]
pub struct Model {
    opset: i64,
    graph: Vec<u8>,
}

/// The value of an attribute.
pub enum Is<'a> {
    Int(i64),
    Float(f32),
    Text(&'a str),
    Ints(&'a [i64]),
    Floats(&'a [f32]),
    Texts(&'a [&'a str]),
    Tensor(Vec<u8>),
}

pub fn number(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).expect("seven bits") | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).expect("seven bits"));
    bytes
}

/// A field that is a whole number.
pub fn int(field: u64, value: i64) -> Vec<u8> {
    [number(field << 3), number(value.cast_unsigned())].concat()
}

/// A field of bytes: a text or a message.
pub fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [
        number(field << 3 | 2),
        number(value.len() as u64),
        value.to_vec(),
    ]
    .concat()
}

fn float(field: u64, value: f32) -> Vec<u8> {
    [&number(field << 3 | 5)[..], &value.to_le_bytes()].concat()
}

fn attribute(name: &str, value: &Is) -> Vec<u8> {
    let (value, kind) = match value {
        Is::Int(value) => (int(3, *value), 2),
        Is::Float(value) => (float(2, *value), 1),
        Is::Text(value) => (bytes(4, value.as_bytes()), 3),
        Is::Ints(value) => (value.iter().flat_map(|one| int(8, *one)).collect(), 7),
        Is::Floats(value) => (value.iter().flat_map(|one| float(7, *one)).collect(), 6),
        Is::Texts(value) => (
            value
                .iter()
                .flat_map(|one| bytes(9, one.as_bytes()))
                .collect(),
            8,
        ),
        Is::Tensor(value) => (bytes(5, value), 4),
    };
    [bytes(1, name.as_bytes()), value, int(20, kind)].concat()
}

/// The message of a tensor: its name, type and sides, and a field with its numbers.
pub fn tensor(name: &str, kind: i64, sides: &[i64], data: &[u8]) -> Vec<u8> {
    let sides: Vec<u8> = sides.iter().flat_map(|side| int(1, *side)).collect();
    [&sides[..], &int(2, kind), &bytes(8, name.as_bytes()), data].concat()
}

/// The message of a tensor of f32 numbers that stand in another file; `place` names it, and says where in it.
pub fn outside(name: &str, sides: &[i64], place: &[(&str, &str)]) -> Vec<u8> {
    let entry = |(key, value): &(&str, &str)| {
        let entry = [bytes(1, key.as_bytes()), bytes(2, value.as_bytes())].concat();
        bytes(13, &entry)
    };
    let place: Vec<u8> = place.iter().flat_map(entry).collect();
    tensor(name, 1, sides, &[place, int(14, 1)].concat())
}

/// A field with the raw bytes of f32 numbers.
pub fn raw(values: &[f32]) -> Vec<u8> {
    let raw: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    bytes(9, &raw)
}

/// A field with the raw bytes of i64 numbers.
pub fn raw_ints(values: &[i64]) -> Vec<u8> {
    let raw: Vec<u8> = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
    bytes(9, &raw)
}

impl Model {
    pub fn new(opset: i64) -> Self {
        Self {
            opset,
            graph: Vec::new(),
        }
    }

    /// A model whose input `x` has these sides; 0 is an open one.
    pub fn reading(sides: &[i64]) -> Self {
        Self::new(17).input("x", sides)
    }

    /// The same with a field of the graph.
    pub fn with(mut self, field: u64, message: &[u8]) -> Self {
        self.graph.extend(bytes(field, message));
        self
    }

    fn named(self, field: u64, name: &str, kind: i64, sides: Option<&[i64]>) -> Self {
        let side = |side: &i64| match side {
            0 => bytes(1, &bytes(2, b"n")),
            side => bytes(1, &int(1, *side)),
        };
        let shape = sides.map(|sides| bytes(2, &sides.iter().flat_map(side).collect::<Vec<u8>>()));
        let tensor = [int(1, kind), shape.unwrap_or_default()].concat();
        let message = [bytes(1, name.as_bytes()), bytes(2, &bytes(1, &tensor))].concat();
        self.with(field, &message)
    }

    pub fn input(self, name: &str, sides: &[i64]) -> Self {
        self.named(11, name, 1, Some(sides))
    }

    pub fn output(self, name: &str) -> Self {
        self.named(12, name, 1, None)
    }

    /// An output of whole numbers: classes.
    pub fn label(self, name: &str) -> Self {
        self.named(12, name, 7, None)
    }

    pub fn node(
        self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[(&str, Is)],
    ) -> Self {
        self.node_of("", operator, (inputs, &[output]), attributes)
    }

    pub fn node_of(
        self,
        domain: &str,
        operator: &str,
        (inputs, outputs): (&[&str], &[&str]),
        attributes: &[(&str, Is)],
    ) -> Self {
        let mut node: Vec<u8> = inputs
            .iter()
            .flat_map(|name| bytes(1, name.as_bytes()))
            .collect();
        node.extend(outputs.iter().flat_map(|name| bytes(2, name.as_bytes())));
        node.extend(bytes(3, format!("/{operator}").as_bytes()));
        node.extend(bytes(4, operator.as_bytes()));
        for (name, value) in attributes {
            node.extend(bytes(5, &attribute(name, value)));
        }
        node.extend(bytes(7, domain.as_bytes()));
        self.with(1, &node)
    }

    pub fn floats(self, name: &str, sides: &[i64], values: &[f32]) -> Self {
        self.with(5, &tensor(name, 1, sides, &raw(values)))
    }

    pub fn ints(self, name: &str, values: &[i64]) -> Self {
        let sides = [i64::try_from(values.len()).expect("a short list")];
        self.with(5, &tensor(name, 7, &sides, &raw_ints(values)))
    }

    /// A tensor of any message.
    pub fn tensor(self, message: &[u8]) -> Self {
        self.with(5, message)
    }

    /// The file.
    pub fn file(&self) -> Vec<u8> {
        let opset = [bytes(1, b""), int(2, self.opset)].concat();
        [
            int(1, 8),
            bytes(2, b"hand"),
            bytes(7, &self.graph),
            bytes(8, &opset),
        ]
        .concat()
    }
}
