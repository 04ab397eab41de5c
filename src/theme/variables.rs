//! A view as the variables of a template: its fields, as far as the template names them.

use super::names::Names;
use serde::ser::{Error as _, Impossible, SerializeStruct};
use serde::{Serialize, Serializer};
use serde_json::Error;
use tera::{Context, Value};

/// The fields of a view.
///
/// # Errors
/// A view that is no struct, or a field that can't be a value.
pub fn variables<T: Serialize + ?Sized>(view: &T, names: &Names) -> Result<Context, Error> {
    view.serialize(Variables { names })
}

struct Variables<'n> {
    names: &'n Names,
}

/// The fields that were taken so far.
struct Fields<'n> {
    names: &'n Names,
    taken: Context,
}

impl SerializeStruct for Fields<'_> {
    type Ok = Context;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        if self.names.has(key) {
            let value = Value::try_from_serializable(value).map_err(Error::custom)?;
            self.taken.insert_value(key, value);
        }
        Ok(())
    }

    fn end(self) -> Result<Context, Error> {
        Ok(self.taken)
    }
}

/// What a view is not.
macro_rules! no_view {
    ($($method:ident($($argument:ty),*) -> $result:ty;)*) => {
        $(fn $method(self, $(_: $argument),*) -> Result<$result, Error> {
            Err(Error::custom("a view is a struct"))
        })*
    };
}

type No = Impossible<Context, Error>;

impl<'n> Serializer for Variables<'n> {
    type Ok = Context;
    type Error = Error;
    type SerializeSeq = No;
    type SerializeTuple = No;
    type SerializeTupleStruct = No;
    type SerializeTupleVariant = No;
    type SerializeMap = No;
    type SerializeStruct = Fields<'n>;
    type SerializeStructVariant = No;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Fields<'n>, Error> {
        Ok(Fields {
            names: self.names,
            taken: Context::new(),
        })
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Context, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Context, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<Context, Error> {
        value.serialize(self)
    }

    no_view! {
        serialize_bool(bool) -> Context;
        serialize_i8(i8) -> Context;
        serialize_i16(i16) -> Context;
        serialize_i32(i32) -> Context;
        serialize_i64(i64) -> Context;
        serialize_u8(u8) -> Context;
        serialize_u16(u16) -> Context;
        serialize_u32(u32) -> Context;
        serialize_u64(u64) -> Context;
        serialize_f32(f32) -> Context;
        serialize_f64(f64) -> Context;
        serialize_char(char) -> Context;
        serialize_str(&str) -> Context;
        serialize_bytes(&[u8]) -> Context;
        serialize_none() -> Context;
        serialize_unit() -> Context;
        serialize_unit_struct(&'static str) -> Context;
        serialize_unit_variant(&'static str, u32, &'static str) -> Context;
        serialize_seq(Option<usize>) -> No;
        serialize_tuple(usize) -> No;
        serialize_tuple_struct(&'static str, usize) -> No;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> No;
        serialize_map(Option<usize>) -> No;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> No;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::names::Everywhere;
    use std::collections::BTreeMap;

    #[derive(Serialize)]
    struct Page {
        title: &'static str,
        related: Vec<u32>,
    }

    #[derive(Serialize)]
    #[serde(untagged)]
    enum View {
        Page(Box<Page>),
        File(&'static str),
    }

    #[test]
    fn a_template_gets_the_fields_that_it_names() {
        let sources = BTreeMap::from([("site/a.html".to_string(), "{{ title }}".to_string())]);
        let names = Names::of(&sources, &Everywhere::of(&sources), "a.html");
        let page = Page {
            title: "港",
            related: vec![1],
        };
        let taken = variables(&View::Page(Box::new(page)), &names).unwrap();
        assert_eq!(taken.get("title").and_then(Value::as_str), Some("港"));
        assert!(!taken.contains_key("related"));
        assert!(variables(&View::File("a"), &names).is_err());
    }
}
